/** What an entry of the audit log changed, field by field. */

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

type Values = Record<string, unknown> | null;

/** Every field of either side, those of `before` first; nested objects (a model's weights) by their own fields: "weights.input". */
export function fieldChanges(before: Values, after: Values): FieldChange[] {
  const former = flattened(before);
  const later = flattened(after);
  return [...new Set([...former.keys(), ...later.keys()])].map((field) => ({
    field,
    before: former.get(field),
    after: later.get(field),
  }));
}

function flattened(values: Values): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [name, value] of Object.entries(values ?? {})) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, innerValue] of Object.entries(value)) flat.set(`${name}.${inner}`, innerValue);
    } else flat.set(name, value);
  }
  return flat;
}
