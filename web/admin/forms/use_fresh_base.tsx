/** Editing a record that others may edit too: a 409 `changed_meanwhile` offers the version of now and keeps what was typed. */

import { Alert, Button, Group, List, Text } from '@mantine/core';
import { ApiError } from '@shared/api/errors';
import { formTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconAlert, IconCheck, IconRefresh } from '@shared/icons';
import { type ReactNode, useState } from 'react';
import { type Described, type Difference, differences } from './differences';

export interface FreshBase<Row> {
  /** The record whose `updated_at` goes back with the edit. */
  base: Row;
  error: ApiError | null;
  /** For `useWrite`'s `onError`. */
  onError: (error: ApiError) => void;
  /** To show instead of the plain error; null without a conflict. */
  notice: ReactNode;
}

export function useFreshBase<Row>(
  row: Row,
  read: () => Promise<Row | undefined>,
  describe: (row: Row) => Described,
): FreshBase<Row> {
  const t = useTexts(formTexts);
  const [base, setBase] = useState(row);
  const [error, setError] = useState<ApiError | null>(null);
  const [changes, setChanges] = useState<Difference[] | null>(null);
  const [busy, setBusy] = useState(false);
  const onError = (failure: ApiError) => {
    setChanges(null);
    setError(failure);
  };
  const reload = async () => {
    setBusy(true);
    try {
      const fresh = await read();
      if (fresh === undefined) return;
      setChanges(differences(describe(base), describe(fresh)));
      setBase(fresh);
      setError(null);
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : new ApiError(0, {}));
    } finally {
      setBusy(false);
    }
  };
  const conflict = error?.code === 'changed_meanwhile';
  const notice = conflict ? (
    <Alert
      role="alert"
      color="amber"
      icon={<IconAlert />}
      title={t.changedTitle}
      c="var(--mantine-color-text)"
    >
      <Text size="sm">{t.changedText}</Text>
      <Group mt="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={busy}
          onClick={() => void reload()}
        >
          {t.loadPresent}
        </Button>
      </Group>
    </Alert>
  ) : changes && !error ? (
    <PresentVersion changes={changes} />
  ) : null;
  return { base, error, onError, notice };
}

function PresentVersion({ changes }: { changes: readonly Difference[] }) {
  const t = useTexts(formTexts);
  return (
    <Alert color="blue" icon={<IconCheck />} title={t.presentTitle} c="var(--mantine-color-text)">
      <Text size="sm">{changes.length === 0 ? t.presentSame : t.presentText}</Text>
      <List size="sm" mt={4}>
        {changes.map(({ label, before, after }) => (
          <List.Item key={label}>{t.presentChange(label, before, after)}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
