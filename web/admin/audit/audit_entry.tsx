/** One change: who, when, and every field before and after. */

import { Stack, Table, Text } from '@mantine/core';
import type { AuditEntryResponse } from '@shared/api/admin.gen';
import { auditTexts, commonTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { writeDecimal } from '@shared/forms/decimals';
import classes from '../forms/terms.module.css';
import { aboutOf, fieldChanges } from './changes';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const DIGITS = 6;

export function AuditEntry({ entry }: { entry: AuditEntryResponse }) {
  const t = useTexts(auditTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const roles: Record<string, string> = common.roles;
  const actor = entry.actor_email
    ? `${entry.actor_name} (${entry.actor_email})`
    : (entry.actor_name ?? t.system);
  const terms: [string, string][] = [
    [t.when, formats.dateTime(entry.created_at)],
    [t.who, actor],
    [t.role, roles[entry.actor_role] ?? t.system],
    [t.about, `${t.entities[entry.entity] ?? entry.entity}: ${aboutOf(entry)}`],
    [t.trace, entry.trace_id ?? common.notAvailable],
  ];
  return (
    <Stack>
      <dl className={classes.terms}>
        {terms.map(([term, text]) => (
          <div key={term} className={classes.term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Changes entry={entry} />
    </Stack>
  );
}

function Changes({ entry }: { entry: AuditEntryResponse }) {
  const t = useTexts(auditTexts);
  const write = useValueText();
  const changes = fieldChanges(entry.before, entry.after);
  if (changes.length === 0) return <Text c="dimmed">{t.nothing}</Text>;
  return (
    <Table
      layout="fixed"
      fz="sm"
      aria-label={t.details}
      style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t.field}</Table.Th>
          {entry.before && <Table.Th scope="col">{t.before}</Table.Th>}
          <Table.Th scope="col">{entry.before ? t.after : t.value}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map(({ field, before, after }) => (
          <Table.Tr key={field}>
            <Table.Th scope="row" fw={500}>
              {fieldName(field, t.fields)}
            </Table.Th>
            {entry.before && <Table.Td c="dimmed">{write(before)}</Table.Td>}
            <Table.Td fw={600}>{write(after)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** "weights.input" is "Pesos: input"; a field without a name of its own keeps the service's. */
function fieldName(field: string, names: Record<string, string>): string {
  const [outer = field, inner] = field.split('.');
  const name = names[outer] ?? outer;
  return inner === undefined ? name : `${name}: ${inner}`;
}

function useValueText(): (value: unknown) => string {
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  return (value) => {
    if (value === undefined || value === null || value === '') return common.notAvailable;
    if (typeof value === 'boolean') return value ? common.yes : common.no;
    if (typeof value === 'number') return writeDecimal(value, language, 0, DIGITS);
    if (typeof value === 'string') return INSTANT.test(value) ? formats.dateTime(value) : value;
    return Array.isArray(value) ? value.join(', ') || common.none : JSON.stringify(value);
  };
}
