/** Extrato de Consumo: what is used, on what, when, and each call with its receipt. Filters stand in the address. */

import { Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { addressOf } from '@shared/api/client';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { ErrorMessage } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { balanceTexts, formTexts, statementTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconDownload, IconPrint } from '@shared/icons';
import type { Period } from '@shared/period/period';
import { usePeriod } from '@shared/period/use_period';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { flushSync } from 'react-dom';
import { useSearchParams } from 'wouter';
import { UseFigures } from '../balance/use_figures';
import { WhyStopped } from '../balance/why_stopped';
import { LineBadge } from '../live/line_badge';
import { useLiveBalance } from '../live/use_live_balance';
import { RECEIPT } from './addresses';
import { CourseSection } from './course_section';
import { Filters, MODEL } from './filters';
import { ModelsSection } from './models_section';
import { PrintedCalls, type Printing, type Printout, usePrinting } from './printed_calls';
import classes from './statement.module.css';

const HistorySection = lazy(() => import('./history_section'));
const ReceiptDialog = lazy(() => import('./receipt_dialog'));

const HISTORY_PIXELS = 520;

const CHANGED_BY_USE = ['GET /api/tokens/history'] as const;

export default function StatementPage() {
  const t = useTexts(statementTexts);
  const [parameters, setParameters] = useSearchParams();
  const pages = useCursorPages();
  const when = usePeriod({ initial: 'month', onChange: pages.reset });
  const { balance, error, retry, line } = useLiveBalance(CHANGED_BY_USE);
  const model = parameters.get(MODEL) ?? '';
  const receipt = parameters.get(RECEIPT);
  const change = (name: string, value: string) =>
    setParameters(
      (present) => {
        const next = new URLSearchParams(present);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      // What was closed is not opened again by going back.
      { replace: value === '' },
    );
  const period = when.period as Period;
  const query = { ...period, ...(model ? { model } : {}) };
  const printing = usePrinting(query);
  return (
    <>
      <PageHeader title={t.title} lead={<TimeZoneNote />}>
        <Actions query={query} printing={printing} />
      </PageHeader>
      <PrintedLine period={period} model={model} printout={printing.printout} />
      <Stack className={classes.page ?? ''}>
        {error ? (
          <ErrorMessage error={error} onRetry={retry} />
        ) : (
          <BalanceLine balance={balance} badge={<LineBadge line={line} />} />
        )}
        <Filters
          when={when}
          model={model}
          onModel={(next) => {
            pages.reset();
            change(MODEL, next);
          }}
        />
        <CourseSection query={query} />
        <ModelsSection query={query} />
        <div className={printing.printout ? 'solaris-no-print' : undefined}>
          <Suspense fallback={<Skeleton height={HISTORY_PIXELS} radius="md" />}>
            <HistorySection query={query} pages={pages} onOpen={(id) => change(RECEIPT, id)} />
          </Suspense>
        </div>
        {printing.printout && <PrintedCalls {...printing.printout} />}
      </Stack>
      <Suspense>
        {receipt && <ReceiptDialog requestId={receipt} onClose={() => change(RECEIPT, '')} />}
      </Suspense>
    </>
  );
}

function Actions({ query, printing }: { query: object; printing: Printing }) {
  const t = useTexts(statementTexts);
  const forms = useTexts(formTexts);
  return (
    <Group gap="sm" className="solaris-no-print">
      <Button
        component="a"
        href={addressOf('GET /api/tokens/history', { query: { ...query, format: 'csv' } })}
        download
        variant="default"
        leftSection={<IconDownload size={18} />}
      >
        {forms.exportCsv}
      </Button>
      <Button
        variant="default"
        leftSection={<IconPrint size={18} />}
        loading={printing.loading}
        onClick={printing.print}
      >
        {t.print}
      </Button>
    </Group>
  );
}

interface PrintedLineProps {
  period: Period;
  model: string;
  printout: Printout | null;
}

/** On paper alone: whose statement this is, of which days, and when it was printed. */
function PrintedLine({ period, model, printout }: PrintedLineProps) {
  const t = useTexts(statementTexts);
  const formats = useFormats();
  const { user } = useSession();
  const [printedAt, setPrintedAt] = useState(() => new Date());
  useWindowEvent('beforeprint', () => flushSync(() => setPrintedAt(new Date())));
  const span = t.span(formats.date(period.from), formats.date(period.to));
  return (
    <div className={classes.printed}>
      <div>
        {span}
        {model && ` · ${model}`}
      </div>
      <div>{t.printed(user.name, formats.dateTime(printedAt))}</div>
      {printout === null && <div>{t.printedPart}</div>}
      {printout?.isCut && <div>{t.printedCut(formats.integer(printout.rows.length))}</div>}
    </div>
  );
}

function BalanceLine({ balance, badge }: { balance: CurrentTokens | undefined; badge: ReactNode }) {
  const t = useTexts(statementTexts);
  const words = useTexts(balanceTexts);
  const formats = useFormats();
  return (
    <Card component="section" aria-label={t.balance} aria-busy={!balance}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Text fw={600} fz="lg">
          {balance
            ? words.remaining(balance.tokens_remaining, formats.integer(balance.tokens_remaining))
            : '…'}
        </Text>
        {balance?.state !== 'suspended' && badge}
      </Group>
      <UseFigures balance={balance} />
      <WhyStopped balance={balance} />
    </Card>
  );
}
