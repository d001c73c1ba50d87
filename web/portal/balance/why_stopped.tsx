import { Text } from '@mantine/core';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { whyStopped } from './sentences';

/** One line for a blocked user: why the chat does not answer. Nothing for others. */
export function WhyStopped({ balance }: { balance: CurrentTokens | undefined }) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  if (balance?.state !== 'blocked') return null;
  return (
    <Text size="sm" fw={600} mt="xs" c="var(--solaris-blocked-text)">
      {whyStopped(balance, t, formats)}
    </Text>
  );
}
