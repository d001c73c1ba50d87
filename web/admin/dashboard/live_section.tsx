/** "Consumo de Tokens em Tempo Real": the chart, the last minute's figures, and by model. */

import { Group, Stack, Text, Title } from '@mantine/core';
import { Chart } from '@shared/charts/charts';
import { SectionCard } from '@shared/components/section_card';
import type { Tone } from '@shared/components/states';
import { ToneBadge } from '@shared/components/tone_badge';
import { dashboardTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import type { LineState } from '@shared/live/event_line';
import { useFormats } from '@shared/session/use_formats';
import { BAR_SECONDS, barsOf, type Consumption, isQuiet, type LiveEvent } from '../live/consumption';
import classes from './dashboard.module.css';

const TONES: Record<LineState, Tone> = { connecting: 'neutral', live: 'good', waiting: 'alert' };
const CHART_PIXELS = 220;
const MOST_MODELS = 5;

export function LiveSection({ state, consumption }: { state: LineState; consumption: Consumption }) {
  const t = useTexts(dashboardTexts).live;
  const formats = useFormats();
  const { latest } = consumption;
  return (
    <SectionCard
      title={t.title}
      actions={
        <output>
          <ToneBadge tone={TONES[state]}>{t.states[state]}</ToneBadge>
        </output>
      }
    >
      <Stack gap="sm">
        <LiveChart consumption={consumption} />
        <Text size="xs" c="dimmed">
          {t.span(formats.integer(BAR_SECONDS))}
        </Text>
        {latest?.source === 'database' && (
          <Text size="sm" c="var(--solaris-alert-text)">
            {t.slower}
          </Text>
        )}
        <LastMinute latest={latest} />
        <Models latest={latest} />
      </Stack>
    </SectionCard>
  );
}

function LiveChart({ consumption }: { consumption: Consumption }) {
  const t = useTexts(dashboardTexts).live;
  const formats = useFormats();
  const rows = barsOf(consumption).map((bar) => ({
    time: `${formats.time(new Date(bar.second * 1000))}:${String(bar.second % 60).padStart(2, '0')}`,
    tokens: bar.tokens,
  }));
  const total = consumption.tokens.reduce((sum, tokens) => sum + tokens, 0);
  const quiet = consumption.second !== null && isQuiet(consumption);
  return (
    <div className={classes.chart} data-tokens={total}>
      <Chart
        kind="bar"
        rows={rows}
        labelKey="time"
        series={[{ name: 'tokens', label: t.tokens, color: 'var(--solaris-chart-1)' }]}
        format={(value) => formats.compact(value)}
        height={CHART_PIXELS}
        description={t.describe(total, formats.integer(total))}
      />
      {quiet && (
        <div className={classes.quiet}>
          <div>
            <Text fw={600}>{t.quietTitle}</Text>
            <Text size="sm" c="dimmed" maw={420}>
              {t.quietText}
            </Text>
          </div>
        </div>
      )}
    </div>
  );
}

function LastMinute({ latest }: { latest: LiveEvent | null }) {
  const t = useTexts(dashboardTexts).live;
  const formats = useFormats();
  const requests = latest?.requests_per_minute ?? 0;
  const errors = latest?.errors_per_minute ?? 0;
  return (
    <Group gap="xs" align="baseline">
      <Text size="sm" c="dimmed">
        {t.lastMinute}
      </Text>
      <p className={classes.minute}>
        <span>
          <span className={classes.figure}>{formats.integer(latest?.tokens_per_minute ?? 0)}</span>{' '}
          {t.tokensPerMinute}
        </span>
        <span>
          <span className={classes.figure}>{formats.integer(requests)}</span> {t.requestsPerMinute(requests)}
        </span>
        <span>
          <span className={classes.figure}>{formats.integer(errors)}</span> {t.errorsPerMinute(errors)}
        </span>
      </p>
    </Group>
  );
}

function Models({ latest }: { latest: LiveEvent | null }) {
  const t = useTexts(dashboardTexts).live;
  const formats = useFormats();
  const models = latest?.models.slice(0, MOST_MODELS) ?? [];
  return (
    <div>
      <Title order={3} size="sm" mb={4}>
        {t.byModel}
      </Title>
      {models.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t.noModels}
        </Text>
      ) : (
        <ul className={classes.list}>
          {models.map((model) => (
            <li key={model.model} className={classes.row}>
              <Text size="sm">{model.model}</Text>
              <Text size="sm" c="dimmed">
                {t.modelLine(model.requests, formats.integer(model.requests))}
                {model.tokens !== null && ` · ${formats.integer(model.tokens)} ${t.tokensPerMinute}`}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
