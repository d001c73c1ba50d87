import { SimpleGrid, Title } from '@mantine/core';
import type { DashboardResponse } from '@shared/api/admin.gen';
import { MetricCard } from '@shared/components/metric_card';
import { dashboardTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import classes from './dashboard.module.css';
import { comparable, GROUPS, type Group, hadCalls } from './figures';

const NAMES = Object.keys(GROUPS) as Group[];

/** The twelve figures in four groups. */
export function FigureCards({ figures }: { figures: DashboardResponse | undefined }) {
  return (
    <div className={classes.groups}>
      {NAMES.map((group) => (
        <FigureGroup key={group} group={group} figures={figures} />
      ))}
    </div>
  );
}

function FigureGroup({ group, figures }: { group: Group; figures: DashboardResponse | undefined }) {
  const t = useTexts(dashboardTexts);
  const formats = useFormats();
  const silent = group === 'system' && figures !== undefined && !hadCalls(figures);
  return (
    <section className={classes.group} aria-labelledby={`grupo-${group}`}>
      <Title order={2} mb="xs" id={`grupo-${group}`}>
        {t[group]}
      </Title>
      <SimpleGrid className={classes.cards} cols={{ base: 1, xs: 3, lg: 1 }} spacing="sm">
        {GROUPS[group].map(({ metric, write, more, period }) => {
          const values = figures && comparable(group, metric, figures);
          return (
            <MetricCard
              key={metric}
              label={t.metrics[metric]}
              value={figures && (silent ? '–' : write(formats, figures[metric]))}
              note={group === 'system' ? (silent ? t.noCalls : t.lastMinutes) : undefined}
              comparison={values ? { ...values, more, period: t.periods[period] } : undefined}
            />
          );
        })}
      </SimpleGrid>
    </section>
  );
}
