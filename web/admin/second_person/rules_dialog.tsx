/** The rule itself: read by those who see money, changed by super_admins. */

import { Button, Switch, Text } from '@mantine/core';
import type { ApprovalRulesResponse } from '@shared/api/admin.gen';
import { Dialog } from '@shared/components/dialog';
import { useNotice } from '@shared/components/notices';
import { readInteger, writeDecimal } from '@shared/forms/decimals';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField } from '@shared/forms/fields';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { secondPersonTexts } from '@shared/i18n/second_person';
import { IconSettings } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { call, useRead, useWrite } from '../api';
import { useFreshBase } from '../forms/use_fresh_base';
import { useMay } from '../forms/use_may';

const ROUTE = 'GET /admin/settings/approvals';
const MOST_TOKENS = 1_000_000_000;

export function RulesButton() {
  const t = useTexts(secondPersonTexts);
  const [opened, setOpened] = useState(false);
  const rules = useRead(ROUTE).data;
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
      <Dialog opened={opened} onClose={close} title={t.settingsTitle}>
        {rules ? <RulesForm rules={rules} onClose={close} /> : <span />}
      </Dialog>
    </>
  );
}

function RulesForm({ rules, onClose }: { rules: ApprovalRulesResponse; onClose: () => void }) {
  const t = useTexts(secondPersonTexts);
  const { language } = useLanguage();
  const formats = useFormats();
  const notify = useNotice();
  const may = useMay(['super_admin']);
  const [limit, setLimit] = useState(() => writeDecimal(rules.second_person_above_tokens, language, 0, 0));
  const [price, setPrice] = useState(rules.second_person_below_price);
  const [tried, setTried] = useState(false);
  const fresh = useFreshBase(
    rules,
    () => call(ROUTE),
    (row) => [
      [t.limit, formats.integer(row.second_person_above_tokens)],
      [t.price, row.second_person_below_price ? '✓' : '–'],
    ],
  );
  const save = useWrite('PUT /admin/settings/approvals', {
    refresh: [ROUTE, 'GET /admin/audit-log'],
    onDone: () => {
      notify(t.saved);
      onClose();
    },
    onError: fresh.onError,
  });
  const tokens = readInteger(limit, language);
  const valid = tokens !== null && tokens >= 0 && tokens <= MOST_TOKENS;
  const submit = () => {
    setTried(true);
    if (!valid) return;
    save.mutate({
      body: {
        updated_at: fresh.base.updated_at,
        second_person_above_tokens: tokens,
        second_person_below_price: price,
      },
    });
  };
  return (
    <DialogForm
      action={t.save}
      busy={save.isPending}
      error={fresh.error}
      notice={fresh.notice}
      disabled={!may}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{may ? t.ownRule : `${t.ownRule} ${t.onlyOwner}`}</Text>
      <IntegerField
        label={t.limit}
        description={t.limitHint}
        required
        disabled={!may}
        value={limit}
        error={tried && !valid ? t.limitInvalid : null}
        onChange={setLimit}
      />
      <Switch
        label={t.price}
        checked={price}
        disabled={!may}
        onChange={(event) => setPrice(event.currentTarget.checked)}
      />
      {rules.updated_by_name && (
        <Text size="xs" c="dimmed">
          {t.changed(rules.updated_by_name, formats.dateTime(rules.updated_at))}
        </Text>
      )}
    </DialogForm>
  );
}
