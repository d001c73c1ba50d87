/** One request's receipt: what it cost, line by line, and who paid. */

import { Alert, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Formats } from '../formats';
import { useLanguage, useTexts } from '../i18n/language';
import { receiptTexts } from '../i18n';
import { IconInfo } from '../icons';
import { useFormats } from '../session/use_formats';
import classes from './receipt_details.module.css';
import { countedParts, payments, type ReceiptArithmetic, wasRoundedUp } from './receipt_sum';

/** What both services tell of a request. */
interface Receipt {
  request_id: string;
  occurred_at: string;
  model_asked: string;
  model_answered: string | null;
  client: string | null;
  ending: 'complete' | 'no_usage' | 'upstream_error' | 'client_gone' | 'proxy_gone' | 'out_of_tokens';
  estimated: boolean;
  first_byte_ms: number | null;
  duration_ms: number | null;
  trace_id: string | null;
  tokens_remaining: number;
  arithmetic: ReceiptArithmetic;
}

interface ReceiptDetailsProps {
  receipt: Receipt;
  /** What only some readers are told, as further lines. */
  more?: readonly [label: string, value: ReactNode][];
}

const NO_MORE: readonly [string, ReactNode][] = [];

export function ReceiptDetails({ receipt, more = NO_MORE }: ReceiptDetailsProps) {
  const t = useTexts(receiptTexts);
  return (
    <Stack gap="md">
      <Facts receipt={receipt} more={more} />
      {receipt.estimated && (
        <Alert icon={<IconInfo />} color="amber" c="var(--mantine-color-text)">
          {t.estimated}
        </Alert>
      )}
      <ArithmeticLines arithmetic={receipt.arithmetic} />
      <PaymentLines receipt={receipt} />
    </Stack>
  );
}

function Facts({ receipt, more }: Required<ReceiptDetailsProps>) {
  const t = useTexts(receiptTexts);
  const formats = useFormats();
  const differs = receipt.model_answered !== null && receipt.model_answered !== receipt.model_asked;
  const lines: [string, ReactNode][] = [
    [t.when, formats.dateTime(receipt.occurred_at)],
    [
      t.model,
      differs
        ? `${receipt.model_asked} (${t.answeredBy(receipt.model_answered ?? '')})`
        : receipt.model_asked,
    ],
    ...(receipt.client ? [[t.client, receipt.client] satisfies [string, ReactNode]] : []),
    [t.ending, t.endings[receipt.ending]],
    ...durationLine(receipt, t.duration, t.firstByte, formats),
    ...more,
    [t.requestId, receipt.request_id],
    ...(receipt.trace_id ? [[t.traceId, receipt.trace_id] satisfies [string, ReactNode]] : []),
  ];
  return (
    <dl className={classes.facts}>
      {lines.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function durationLine(
  receipt: Receipt,
  label: string,
  firstByte: (time: string) => string,
  formats: Formats,
): [string, ReactNode][] {
  if (receipt.duration_ms === null) return [];
  const whole = formats.milliseconds(receipt.duration_ms);
  const first = receipt.first_byte_ms;
  return [[label, first === null ? whole : `${whole} (${firstByte(formats.milliseconds(first))})`]];
}

function ArithmeticLines({ arithmetic }: { arithmetic: ReceiptArithmetic }) {
  const t = useTexts(receiptTexts);
  const formats = useFormats();
  const exact = useExact();
  return (
    <section>
      <Title order={3} mb="xs">
        {t.howItCameAbout}
      </Title>
      <dl className={classes.sum}>
        {countedParts(arithmetic).map((part) => (
          <Line
            key={part.kind}
            label={t.kinds[part.kind]}
            detail={t.line(part.tokens, formats.integer(part.tokens), exact(part.weight))}
            value={exact(part.weighted)}
          />
        ))}
        <Line label={t.sum} value={exact(arithmetic.weighted_sum)} />
        {arithmetic.conversion_factor !== 1 && (
          <Line
            label={t.factor(exact(arithmetic.conversion_factor))}
            value={exact(arithmetic.before_rounding)}
          />
        )}
        {wasRoundedUp(arithmetic) && (
          <Line label={t.rounded} value={formats.integer(arithmetic.tokens_charged)} />
        )}
        <Line label={t.charged} value={formats.integer(arithmetic.tokens_charged)} strong />
      </dl>
    </section>
  );
}

function PaymentLines({ receipt }: { receipt: Receipt }) {
  const t = useTexts(receiptTexts);
  const formats = useFormats();
  const paid = payments(receipt.arithmetic);
  return (
    <section>
      <Title order={3} mb="xs">
        {t.paidBy}
      </Title>
      {paid.length === 0 && <Text size="sm">{t.free}</Text>}
      <dl className={classes.sum}>
        {paid.map(({ source, tokens }) => (
          <Line key={source} label={t.sources[source]} value={formats.integer(tokens)} />
        ))}
        <Line label={t.remaining} value={formats.integer(receipt.tokens_remaining)} strong />
      </dl>
      {receipt.arithmetic.overage > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {t.overageNote}
        </Text>
      )}
    </section>
  );
}

interface LineProps {
  label: string;
  detail?: string;
  value: string;
  strong?: boolean;
}

function Line({ label, detail, value, strong }: LineProps) {
  return (
    <div data-strong={strong || undefined}>
      <dt>
        {label}
        {detail && <span className={classes.detail}>{detail}</span>}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Weights and sums with all their digits: a receipt that rounds does not add up. */
function useExact(): (value: number) => string {
  const { language } = useLanguage();
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  return (value) => format.format(value);
}
