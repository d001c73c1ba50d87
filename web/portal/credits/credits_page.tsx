/** Comprar Créditos Adicionais. The message of a blocked call leads here. */

import { Alert, Card, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { CurrentTokens, PackageResponse, PackagesResponse } from '@shared/api/proxy.gen';
import { EmptyMessage, ErrorMessage } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { SectionCard } from '@shared/components/section_card';
import { StateBadge } from '@shared/components/state_badge';
import type { UserState } from '@shared/components/states';
import { ToneBadge } from '@shared/components/tone_badge';
import { balanceTexts, shopTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconAlert } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useRead } from '../api';
import { UseFigures } from '../balance/use_figures';
import { WhyStopped } from '../balance/why_stopped';
import { useLiveBalance } from '../live/use_live_balance';
import { OtherAmountCard, PackageCard } from './package_card';

const OrderDialog = lazy(() => import('./order_dialog'));

const CARD_PIXELS = 222;

export default function CreditsPage() {
  const t = useTexts(shopTexts);
  const { balance, error, retry } = useLiveBalance();
  const packages = useRead('GET /api/credits/packages');
  const suspended = balance?.state === 'suspended';
  // null: nothing is being ordered.
  const [order, setOrder] = useState<PackageResponse | 'other' | null>(null);
  return (
    <>
      <PageHeader title={t.title} lead={t.lead} />
      <Stack>
        {suspended && (
          <Alert color="red" icon={<IconAlert />} c="var(--mantine-color-text)">
            {t.suspended}
          </Alert>
        )}
        {error ? <ErrorMessage error={error} onRetry={retry} /> : <PresentBalance balance={balance} />}
        <section aria-label={t.packages}>
          {packages.error && !packages.data ? (
            <ErrorMessage error={packages.error} onRetry={() => void packages.refetch()} />
          ) : (
            <Offers packages={packages.data?.data} disabled={suspended} onOrder={setOrder} />
          )}
        </section>
        <PaymentWays methods={packages.data?.methods} />
      </Stack>
      <Suspense>
        {order && <OrderDialog offer={order === 'other' ? null : order} onClose={() => setOrder(null)} />}
      </Suspense>
    </>
  );
}

function PresentBalance({ balance }: { balance: CurrentTokens | undefined }) {
  const t = useTexts(shopTexts);
  const words = useTexts(balanceTexts);
  const formats = useFormats();
  if (!balance) return <Skeleton height={104} radius="md" />;
  return (
    <Card component="section" aria-label={t.balance}>
      <Group justify="space-between" gap="xs" mb="xs">
        <Text>
          <Text span fw={650} fz="lg">
            {words.remaining(balance.tokens_remaining, formats.integer(balance.tokens_remaining))}
          </Text>
          {balance.credits > 0 && (
            <Text span c="dimmed" size="sm">
              {` ${t.ofThem(formats.integer(balance.credits))}`}
            </Text>
          )}
        </Text>
        <StateBadge state={balance.state as UserState} />
      </Group>
      <UseFigures balance={balance} />
      <WhyStopped balance={balance} />
    </Card>
  );
}

interface OffersProps {
  packages: readonly PackageResponse[] | undefined;
  disabled: boolean;
  onOrder: (order: PackageResponse | 'other') => void;
}

function Offers({ packages, disabled, onOrder }: OffersProps) {
  const t = useTexts(shopTexts);
  if (!packages) {
    return (
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        {['1', '2', '3', '4'].map((key) => (
          <Skeleton key={key} height={CARD_PIXELS} radius="md" />
        ))}
      </SimpleGrid>
    );
  }
  return (
    <>
      {packages.length === 0 && <EmptyMessage title={t.noPackages} text={t.noPackagesText} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        {packages.map((one) => (
          <PackageCard key={one.id} offer={one} disabled={disabled} onChoose={() => onOrder(one)} />
        ))}
        <OtherAmountCard disabled={disabled} onChoose={() => onOrder('other')} />
      </SimpleGrid>
    </>
  );
}

function PaymentWays({ methods }: { methods: PackagesResponse['methods'] | undefined }) {
  const t = useTexts(shopTexts);
  // Until the service has told, what it can always do.
  const takes = (method: 'stripe' | 'manual') => methods?.includes(method) ?? method === 'manual';
  return (
    <SectionCard title={t.ways}>
      <Stack gap="sm">
        <Way name={t.manual} available={takes('manual')} text={t.manualText} />
        {!takes('stripe') && <Way name={t.online} available={false} text={t.onlineText} />}
      </Stack>
    </SectionCard>
  );
}

function Way({ name, available, text }: { name: string; available: boolean; text: ReactNode }) {
  const t = useTexts(shopTexts);
  return (
    <div>
      <Group gap="xs">
        <Text fw={600}>{name}</Text>
        <ToneBadge tone={available ? 'good' : 'neutral'}>{available ? t.available : t.unavailable}</ToneBadge>
      </Group>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </div>
  );
}
