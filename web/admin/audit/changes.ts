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

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

interface About {
  entity_label: string | null;
  entity_id: string;
  before: Values;
  after: Values;
}

/** What an entry is about, as a person calls it: a name where one is known, else its id; of a long one the beginning. */
export function aboutOf({ entity_label, entity_id, before, after }: About): string {
  const name = entity_label ?? after?.name ?? before?.name ?? after?.ticket_number;
  if (typeof name === 'string' && name !== '') return name;
  return UUID.test(entity_id) ? `#${entity_id.slice(0, 8)}` : entity_id;
}
