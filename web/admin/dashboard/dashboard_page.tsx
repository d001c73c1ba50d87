/** The administration's first page: today's twelve figures, the consumption as it happens, who consumes, what is up. */

import { Stack } from '@mantine/core';
import { ErrorMessage } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { dashboardTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { useLive } from '../live/use_live';
import { usePaced } from '../live/use_paced';
import classes from './dashboard.module.css';
import { FigureCards } from './figure_cards';
import { LiveSection } from './live_section';
import { NewAccountsNotice } from './new_accounts_notice';
import { NewsSection } from './news_section';
import { ServicesSection } from './services_section';
import { TopConsumersSection } from './top_consumers_section';

// What happens asks again by itself; this is for what passes silently, such as midnight.
const REFRESH_SECONDS = 30;

export default function DashboardPage() {
  const t = useTexts(dashboardTexts);
  const formats = useFormats();
  const dashboard = useRead('GET /admin/dashboard', undefined, { refreshSeconds: REFRESH_SECONDS });
  const live = useLive(usePaced(() => dashboard.refetch({ cancelRefetch: false })));
  const figures = dashboard.data;
  if (dashboard.error && !figures) {
    return <ErrorMessage error={dashboard.error} onRetry={() => void dashboard.refetch()} order={1} />;
  }
  return (
    <>
      <PageHeader
        title={t.title}
        lead={
          <>
            {t.lead}
            {figures && `, ${t.updated(formats.time(figures.generated_at))}`}
            <TimeZoneNote />
          </>
        }
      />
      <Stack gap="lg">
        <NewAccountsNotice />
        <FigureCards figures={figures} />
        <div className={classes.columns}>
          <LiveSection state={live.state} consumption={live.consumption} />
          <Stack gap="md">
            <ServicesSection services={figures?.services} />
            <NewsSection news={live.news} />
          </Stack>
        </div>
        <TopConsumersSection consumers={figures?.top_consumers} />
      </Stack>
    </>
  );
}
