/** What each model took of the period. */

import { Group, Text } from '@mantine/core';
import { SectionCard } from '@shared/components/section_card';
import { useTexts } from '@shared/i18n/language';
import { statementTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { type ModelShare, modelShares } from './course';
import type { StatementQuery } from './course_section';
import { SumsBody } from './sums_body';
import classes from './statement.module.css';

export function ModelsSection({ query }: { query: StatementQuery }) {
  const t = useTexts(statementTexts);
  const read = useRead('GET /api/tokens/history', { query: { ...query, group_by: 'model' } });
  return (
    <SectionCard title={t.byModel}>
      <SumsBody read={read} group="model" height={116}>
        {(sums) => (
          <ul className={classes.models}>
            {modelShares(sums).map((share) => (
              <Share key={share.model} share={share} />
            ))}
          </ul>
        )}
      </SumsBody>
    </SectionCard>
  );
}

function Share({ share }: { share: ModelShare }) {
  const t = useTexts(statementTexts);
  const formats = useFormats();
  return (
    <li>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {share.model}
        </Text>
        <Text size="sm">
          {t.charged(share.tokens, formats.integer(share.tokens))}
          <Text span c="dimmed">
            {` · ${t.calls(share.requests, formats.integer(share.requests))} · ${t.share(formats.percent(share.percent))}`}
          </Text>
        </Text>
      </Group>
      <div className={classes.track} aria-hidden="true">
        <div className={classes.part} style={{ width: `${share.percent}%` }} />
      </div>
    </li>
  );
}
