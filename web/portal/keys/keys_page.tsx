/** Chaves de API: create (shown once), list, revoke. */

import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { PageHeader } from '@shared/components/page_header';
import { SectionCard } from '@shared/components/section_card';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { keysTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconPlus } from '@shared/icons';
import { lazy, Suspense, useState } from 'react';
import { useRead } from '../api';
import { ExamplesSection } from './examples_section';

const CreateKeyDialog = lazy(() => import('./create_key_dialog'));
const KeysTable = lazy(() => import('./keys_table'));

const MOST_KEYS = 20;
const TABLE_PIXELS = 180;

export default function KeysPage() {
  const t = useTexts(keysTexts);
  const [creating, setCreating] = useState(false);
  const read = useRead('GET /api/keys');
  const keys = read.data?.data;
  const full = (keys?.length ?? 0) >= MOST_KEYS;
  return (
    <>
      <PageHeader
        title={t.title}
        lead={
          <>
            {t.lead}
            <TimeZoneNote />
          </>
        }
      >
        <Button leftSection={<IconPlus size={18} />} disabled={full} onClick={() => setCreating(true)}>
          {t.create}
        </Button>
      </PageHeader>
      <Stack>
        <SectionCard
          title={t.list}
          actions={
            keys && (
              <Text size="sm" c="dimmed">
                {t.count(keys.length, MOST_KEYS)}
              </Text>
            )
          }
        >
          <Suspense fallback={<Skeleton height={TABLE_PIXELS} />}>
            <KeysTable read={read} />
          </Suspense>
          {keys && keys.length > 0 && (
            <Text size="xs" c="dimmed" mt="xs">
              {t.usedNote}
            </Text>
          )}
        </SectionCard>
        <ExamplesSection />
      </Stack>
      <Suspense>{creating && <CreateKeyDialog onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}
