import { Skeleton, Text } from '@mantine/core';
import type { DashboardResponse } from '@shared/api/admin.gen';
import { SectionCard } from '@shared/components/section_card';
import type { Tone } from '@shared/components/states';
import { ToneBadge } from '@shared/components/tone_badge';
import { dashboardTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import classes from './dashboard.module.css';

type ServiceStatus = 'ok' | 'degraded' | 'late' | 'absent' | 'down' | 'off';

interface ServiceCheck {
  status: ServiceStatus;
  latency_ms: number | null;
  detail: string | null;
}

const TONES: Record<ServiceStatus, Tone> = {
  ok: 'good',
  degraded: 'alert',
  late: 'alert',
  absent: 'blocked',
  down: 'blocked',
  off: 'neutral',
};
const WELL = new Set<ServiceStatus>(['ok', 'off']);
const EXPECTED = 4;

/** The states of PostgreSQL, Redis, LiteLLM and the worker; where one is away or late, why, and what that means. */
export function ServicesSection({ services }: { services: DashboardResponse['services'] | undefined }) {
  const t = useTexts(dashboardTexts).services;
  return (
    <SectionCard title={t.title}>
      <ul className={classes.list}>
        {services === undefined
          ? Array.from({ length: EXPECTED }, (_, index) => (
              <li key={index}>
                <Skeleton height={24} />
              </li>
            ))
          : Object.entries(services).map(([name, check]) => (
              <ServiceLine key={name} name={name} check={check as ServiceCheck} />
            ))}
      </ul>
    </SectionCard>
  );
}

function ServiceLine({ name, check }: { name: string; check: ServiceCheck }) {
  const t = useTexts(dashboardTexts).services;
  const formats = useFormats();
  return (
    <li>
      <div className={classes.row}>
        <Text size="sm" fw={500}>
          {t.names[name] ?? name}
          {check.status === 'ok' && check.latency_ms !== null && (
            <Text span size="xs" c="dimmed" fw={400}>
              {' '}
              {formats.milliseconds(check.latency_ms)}
            </Text>
          )}
        </Text>
        <ToneBadge tone={TONES[check.status]}>{t.states[check.status]}</ToneBadge>
      </div>
      {!WELL.has(check.status) && (
        <>
          <Text size="sm">{check.status === 'late' ? t.lateEffect : t.effects[name]}</Text>
          {check.detail && (
            <Text size="xs" c="dimmed">
              {t.cause(check.detail)}
            </Text>
          )}
        </>
      )}
      {check.status === 'off' && (
        <Text size="xs" c="dimmed">
          {t.notConfigured}
        </Text>
      )}
    </li>
  );
}
