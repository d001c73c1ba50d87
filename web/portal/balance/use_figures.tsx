import { Group, Text } from '@mantine/core';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { usedPercent } from '@shared/components/states';
import { UsageBar } from '@shared/components/usage_bar';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { leftOf } from './sentences';

/** The bar, and below it how much of how much is used. */
export function UseFigures({ balance }: { balance: CurrentTokens | undefined }) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  const used = balance?.tokens_used ?? 0;
  const left = balance ? leftOf(balance) : 0;
  const total = used + left;
  const percent = usedPercent(balance?.usage_percent ?? 0, left);
  const hasNothing = balance !== undefined && total === 0;
  return (
    <>
      <UsageBar percent={percent} state={balance?.state} />
      <Group justify="space-between" mt="xs" gap="xs">
        <Text size="sm" c="dimmed">
          {hasNothing ? t.noTokens : t.used(formats.integer(used), formats.integer(total))}
        </Text>
        {!hasNothing && (
          <Text size="sm" fw={600}>
            {t.percent(formats.percent(percent))}
          </Text>
        )}
      </Group>
    </>
  );
}
