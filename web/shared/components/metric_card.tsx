/** One figure: its name, its value, and how it compares with the period before. */

import { Card, Group, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { type Icon, IconTrendDown, IconTrendUp } from '../icons';
import { useFormats } from '../session/use_formats';
import classes from './metric_card.module.css';

export interface Comparison {
  now: number;
  before: number;
  /** As it follows "more than": "ontem", "a semana anterior". */
  period: string;
  /** Whether more is good, bad or neither (default). */
  more?: 'good' | 'bad' | 'neutral';
}

interface MetricCardProps {
  label: string;
  /** Ready to read; undefined while it is on its way. */
  value: ReactNode | undefined;
  icon?: Icon;
  comparison?: Comparison | undefined;
  /** A line below: units, exact number, explanation. */
  note?: ReactNode;
}

export function MetricCard({ label, value, icon: MetricIcon, comparison, note }: MetricCardProps) {
  return (
    <Card className={classes.card} component="section" aria-label={label}>
      <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        {MetricIcon && (
          <span className={classes.icon}>
            <MetricIcon size={18} />
          </span>
        )}
      </Group>
      <Skeleton visible={value === undefined} mt={4} width={value === undefined ? '60%' : '100%'}>
        <Text className={classes.value}>{value ?? '0'}</Text>
      </Skeleton>
      {note && (
        <Text size="xs" c="dimmed" component="div">
          {note}
        </Text>
      )}
      {comparison && value !== undefined && <ComparisonLine {...comparison} />}
    </Card>
  );
}

function ComparisonLine(comparison: Comparison) {
  const t = useTexts(commonTexts).comparison;
  const { now, before, period } = comparison;
  if (before === 0 && now !== 0) return <Plain>{t.nothing(period)}</Plain>;
  const percent = before === 0 ? 0 : ((now - before) / before) * 100;
  if (Math.abs(percent) < 0.05) return <Plain>{t.same(period)}</Plain>;
  return <Change {...comparison} percent={percent} />;
}

function Change({ percent, period, more = 'neutral' }: Comparison & { percent: number }) {
  const t = useTexts(commonTexts).comparison;
  const formats = useFormats();
  const rises = percent > 0;
  const change = formats.percent(Math.abs(percent), Math.abs(percent) < 10 ? 1 : 0);
  const good = more === 'neutral' ? null : (more === 'good') === rises;
  const tone = good === null ? classes.neutral : good ? classes.good : classes.bad;
  return (
    <Text size="xs" mt={4} className={tone ?? ''} component="div">
      <Group gap={4} wrap="nowrap" align="center">
        <span className={classes.trend}>
          {rises ? <IconTrendUp size={14} /> : <IconTrendDown size={14} />}
        </span>
        {rises ? t.up(change, period) : t.down(change, period)}
      </Group>
    </Text>
  );
}

function Plain({ children }: { children: string }) {
  return (
    <Text size="xs" c="dimmed" mt={4}>
      {children}
    </Text>
  );
}
