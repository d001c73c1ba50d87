import { Button, Group, Stack, Text } from '@mantine/core';
import { Dialog } from '@shared/components/dialog';
import { ShownOnce } from '@shared/components/shown_once';
import { commonTexts, userActionsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useState } from 'react';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { USER_READS } from './after_change';
import { nameOf, type UserDialogProps } from './dialogs';

/** Makes a temporary password and tells it this one time: only the button closes the dialog then. */
export function PasswordDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).password;
  const common = useTexts(commonTexts);
  const [made, setMade] = useState<string | null>(null);
  const make = useWrite('POST /admin/users/{id}/password', {
    refresh: USER_READS,
    onDone: (answer) => setMade(answer.temporary_password),
    errorNotice: false,
  });
  const close = () => {
    onClose();
    setMade(null);
    make.reset();
  };
  return (
    <Dialog
      opened={opened}
      title={made ? t.doneTitle : t.title}
      busy={make.isPending || made !== null}
      onClose={close}
    >
      {made ? (
        <Stack>
          <ShownOnce label={t.label} value={made} note={t.note} />
          <Group justify="flex-end">
            <Button onClick={close} data-autofocus>
              {common.close}
            </Button>
          </Group>
        </Stack>
      ) : (
        <DialogForm
          action={t.submit}
          busy={make.isPending}
          error={make.error}
          onSubmit={() => make.mutate({ path: { id: user.id } })}
          onCancel={close}
        >
          <Text size="sm">{t.text(nameOf(user))}</Text>
        </DialogForm>
      )}
    </Dialog>
  );
}
