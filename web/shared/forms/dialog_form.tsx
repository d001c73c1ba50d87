/** The form inside a dialog: fields, what went wrong, and the two buttons. */

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ApiError } from '../api/errors';
import { useErrorText } from '../components/error_text';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { IconAlert } from '../icons';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';

interface DialogFormProps {
  /** The deed, as a verb: "Salvar". */
  action: string;
  busy: boolean;
  error?: ApiError | null | undefined;
  /** What stands in the place of a plain error: a conflict with its way out. */
  notice?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
}

export function DialogForm(props: DialogFormProps) {
  const t = useTexts(commonTexts);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!props.busy) props.onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {props.children}
        {props.notice && <InView>{props.notice}</InView>}
        {props.error && !props.notice && (
          <InView>
            <FormError error={props.error} />
          </InView>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onCancel} disabled={props.busy}>
            {t.cancel}
          </Button>
          <Button
            type="submit"
            color={props.danger ? 'red' : 'blue'}
            loading={props.busy}
            disabled={props.disabled ?? false}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** On a phone the end of a form may lie below the dialog's edge: what comes up there is brought into view. */
function InView({ children }: { children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers return a promise from it, which would be taken for the effect's end.
    frame.current?.scrollIntoView({ block: 'center' });
  }, []);
  return <div ref={frame}>{children}</div>;
}

/** A refusal, in the service's own words, with its trace id. */
export function FormError({ error }: { error: ApiError }) {
  const t = useTexts(commonTexts);
  const textOf = useErrorText();
  return (
    <Alert role="alert" color="red" icon={<IconAlert />} c="var(--mantine-color-text)" title={t.failed}>
      {textOf(error)}
      {error.traceId && (
        <Text size="xs" mt={4}>
          {t.traceId(error.traceId)}
        </Text>
      )}
    </Alert>
  );
}
