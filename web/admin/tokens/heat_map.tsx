/** When in the week tokens are used: squares of colour, and a table with the same numbers. */

import { Group, SegmentedControl, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { ErrorMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { useTexts } from '@shared/i18n/language';
import { usageTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useMemo, useState } from 'react';
import { useRead } from '../api';
import { lastDays, type Period } from '@shared/period/period';
import classes from './heat_map.module.css';
import { type HeatWeek, heatWeek, LEVELS } from './heat_levels';

const MOST_DAYS = 62;
const HOURS_PER_LABEL = 3;
const MAP_PIXELS = 232;

export function HeatMapCard({ period }: { period: Period }) {
  const t = useTexts(usageTexts);
  const formats = useFormats();
  const range = lastDays(period, MOST_DAYS);
  const read = useRead('GET /admin/usage/heatmap', { query: range });
  const [shown, setShown] = useState<'map' | 'table'>('map');
  const week = useMemo(() => read.data && heatWeek(read.data.data), [read.data]);
  return (
    <SectionCard
      title={t.heatTitle}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t.view}
          value={shown}
          onChange={(value) => setShown(value as 'map' | 'table')}
          data={[
            { value: 'map', label: t.heatMap },
            { value: 'table', label: t.heatTable },
          ]}
        />
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t.heatLead(formats.date(range.from), formats.date(range.to))} · {formats.timeZone()}
        </Text>
        {read.error && !week ? (
          <ErrorMessage error={read.error} onRetry={() => void read.refetch()} />
        ) : !week ? (
          <Skeleton height={MAP_PIXELS} />
        ) : shown === 'map' ? (
          <Squares week={week} />
        ) : (
          <Numbers week={week} />
        )}
      </Stack>
    </SectionCard>
  );
}

function Squares({ week }: { week: HeatWeek }) {
  const t = useTexts(usageTexts);
  const formats = useFormats();
  const long = t.weekdays.long.split(',');
  const short = t.weekdays.short.split(',');
  const { greatest } = week;
  const description = greatest
    ? t.heatDescription(
        long[greatest.weekday - 1] ?? '',
        writeHour(greatest.hour),
        formats.integer(greatest.mean),
      )
    : t.heatEmpty;
  return (
    <>
      <figure style={{ margin: 0 }} aria-label={description}>
        <VisuallyHidden>{description}</VisuallyHidden>
        <div className={classes.map} aria-hidden="true">
          {week.days.map((day, place) => (
            <Day key={short[place]} name={short[place] ?? ''} longName={long[place] ?? ''} day={day} />
          ))}
          <span />
          {Array.from({ length: 24 / HOURS_PER_LABEL }, (_, place) => (
            <span key={place} className={classes.hour}>
              {place * HOURS_PER_LABEL}h
            </span>
          ))}
        </div>
      </figure>
      <Group gap={6} wrap="wrap">
        <Text size="xs" c="dimmed">
          {t.heatLess}
        </Text>
        {Array.from({ length: LEVELS + 1 }, (_, level) => (
          <span key={level} className={`${classes.cell} ${classes.legend}`} data-level={level} />
        ))}
        <Text size="xs" c="dimmed">
          {t.heatMore}
          {greatest && ` (${t.heatScale(formats.compact(Math.round(greatest.mean)))})`}
        </Text>
      </Group>
    </>
  );
}

function Day({ name, longName, day }: { name: string; longName: string; day: HeatWeek['days'][number] }) {
  const t = useTexts(usageTexts);
  const formats = useFormats();
  return (
    <>
      <span className={classes.day}>{name}</span>
      {day.map((cell) => (
        <span
          key={cell.hour}
          className={classes.cell}
          data-level={cell.level}
          title={t.heatCell(longName, writeHour(cell.hour), formats.integer(cell.mean))}
        />
      ))}
    </>
  );
}

function Numbers({ week }: { week: HeatWeek }) {
  const t = useTexts(usageTexts);
  const formats = useFormats();
  const long = t.weekdays.long.split(',');
  const short = t.weekdays.short.split(',');
  return (
    <Table.ScrollContainer
      minWidth={560}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'group', 'aria-label': t.heatTitle } }}
    >
      <Table verticalSpacing={4} fz="sm" aria-label={t.heatTitle}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t.hour}</Table.Th>
            {short.map((name, place) => (
              <Table.Th key={name} scope="col" ta="right" aria-label={long[place]}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Array.from({ length: 24 }, (_, hour) => (
            <Table.Tr key={hour}>
              <Table.Th scope="row">{writeHour(hour)}</Table.Th>
              {week.days.map((day, place) => (
                <Table.Td key={short[place]} ta="right">
                  {formats.integer(Math.round(day[hour]?.mean ?? 0))}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function writeHour(hour: number): string {
  return `${String(hour).padStart(2, '0')}h`;
}
