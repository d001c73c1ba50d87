/** What differs between two readings of one record, as a person reads its fields. */

export type Described = readonly (readonly [label: string, text: string])[];

export interface Difference {
  label: string;
  before: string;
  after: string;
}

/** The fields whose texts differ, in their order. */
export function differences(before: Described, after: Described): Difference[] {
  const former = new Map(before);
  return after.flatMap(([label, text]) => {
    const was = former.get(label) ?? '';
    return was === text ? [] : [{ label, before: was, after: text }];
  });
}
