/** A new key: its name, then the key itself, this one time. */

import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { CreatedKey } from '@shared/api/proxy.gen';
import { Dialog } from '@shared/components/dialog';
import { ShownOnce } from '@shared/components/shown_once';
import { DialogForm } from '@shared/forms/dialog_form';
import { keysTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useState } from 'react';
import { useWrite } from '../api';
import { Examples } from './examples_section';

const MOST_NAME_CHARACTERS = 80;

export default function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts(keysTexts);
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (text) => (text.trim() ? null : t.nameMissing) },
  });
  const [created, setCreated] = useState<CreatedKey | null>(null);
  const create = useWrite('POST /api/keys', {
    refresh: ['GET /api/keys'],
    onDone: setCreated,
    errorNotice: false,
  });
  const submit = form.onSubmit(({ name }) => create.mutate({ body: { name: name.trim() } }));
  if (created) return <Created created={created} onClose={onClose} />;
  return (
    <Dialog opened title={t.create} busy={create.isPending} onClose={onClose}>
      <DialogForm
        action={t.create}
        busy={create.isPending}
        error={create.error}
        onSubmit={submit}
        onCancel={onClose}
      >
        <TextInput
          label={t.name}
          description={t.nameHelp}
          required
          data-autofocus
          autoComplete="off"
          maxLength={MOST_NAME_CHARACTERS}
          {...form.getInputProps('name')}
        />
      </DialogForm>
    </Dialog>
  );
}

/** Only its button closes it: a click beside it would lose the key. */
function Created({ created, onClose }: { created: CreatedKey; onClose: () => void }) {
  const t = useTexts(keysTexts);
  return (
    <Dialog opened title={t.createdTitle} size="lg" busy onClose={onClose}>
      <Stack>
        <ShownOnce label={t.key} value={created.key} note={t.keyNote} />
        <Examples value={created.key} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t.finish}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
