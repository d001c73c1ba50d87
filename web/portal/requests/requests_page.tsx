/** The reader's requests for credits with what staff decided, and what was added to his credits. */

import { Button, Skeleton, Stack } from '@mantine/core';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { useTexts } from '@shared/i18n/language';
import { ownRequestsTexts } from '@shared/i18n';
import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { useLiveBalance } from '../live/use_live_balance';
import { paths } from '../paths';

const RequestsSection = lazy(() => import('./requests_section'));
const TransactionsSection = lazy(() => import('./transactions_section'));

const SECTION_PIXELS = 250;

const CHANGED_BY_GRANTS = ['GET /api/credits/requests', 'GET /api/credits/transactions'] as const;

export default function RequestsPage() {
  const t = useTexts(ownRequestsTexts);
  useLiveBalance(CHANGED_BY_GRANTS);
  return (
    <>
      <PageHeader
        title={t.title}
        lead={
          <>
            {t.lead}
            <TimeZoneNote />
          </>
        }
      >
        <Button component={Link} href={paths.credits}>
          {t.buy}
        </Button>
      </PageHeader>
      <Stack>
        <Suspense fallback={<Skeleton height={SECTION_PIXELS} radius="md" />}>
          <RequestsSection />
        </Suspense>
        <Suspense fallback={<Skeleton height={SECTION_PIXELS} radius="md" />}>
          <TransactionsSection />
        </Suspense>
      </Stack>
    </>
  );
}
