import { Anchor, Text } from '@mantine/core';
import { SectionCard } from '@shared/components/section_card';
import type { Formats } from '@shared/formats';
import { dashboardTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { Link } from 'wouter';
import type { News } from '../live/news';
import { userPath } from '../users/user_path';
import classes from './dashboard.module.css';

/** What happens to users while the page is open. */
export function NewsSection({ news }: { news: readonly News[] }) {
  const t = useTexts(dashboardTexts).news;
  const formats = useFormats();
  return (
    <SectionCard title={t.title}>
      {news.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t.empty}
        </Text>
      ) : (
        <ul className={classes.list} aria-live="polite">
          {news.map((one) => (
            <li key={one.id}>
              <Text size="sm">
                <Anchor component={Link} href={userPath(one.user_id)} fw={500}>
                  {one.name || one.email || one.user_id}
                </Anchor>{' '}
                {sentenceOf(one, t, formats)}
              </Text>
              <Text size="xs" c="dimmed">
                {formats.time(one.created_at)}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </SectionCard>
  );
}

type NewsTexts = (typeof dashboardTexts)['en']['news'];

function sentenceOf(one: News, t: NewsTexts, formats: Formats): string {
  switch (one.kind) {
    case 'alert':
      // The alert of 100 comes as well where a small rest did not cover a call: tokens may be left.
      return one.threshold_percent >= 100 ? t.stopped : t.alert(formats.percent(one.threshold_percent));
    case 'request':
      return t.request(one.ticket_number, formats.integer(one.tokens));
    case 'grant': {
      const count = Math.abs(one.tokens_added);
      return (one.tokens_added < 0 ? t.taken : t.grant)(count, formats.integer(count));
    }
  }
}
