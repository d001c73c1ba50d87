import { Button } from '@mantine/core';
import { Dialog } from '@shared/components/dialog';
import { useTexts } from '@shared/i18n/language';
import { secondPersonTexts } from '@shared/i18n';
import { IconSettings } from '@shared/icons';
import { lazy, Suspense, useState } from 'react';
import { useRead } from '../api';

const RulesForm = lazy(() => import('./rules_form'));

export function RulesButton() {
  const t = useTexts(secondPersonTexts);
  const [opened, setOpened] = useState(false);
  const rules = useRead('GET /admin/settings/approvals').data;
  const close = () => setOpened(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSettings size={18} />}
        disabled={!rules}
        onClick={() => setOpened(true)}
      >
        {t.settings}
      </Button>
      <Suspense>
        <Dialog opened={opened} onClose={close} title={t.settingsTitle}>
          {rules ? <RulesForm rules={rules} onClose={close} /> : <span />}
        </Dialog>
      </Suspense>
    </>
  );
}
