/** The rule itself: read by those who see money, changed by super_admins. */

import { Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ApprovalRulesResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { isBetween, readInteger, writeDecimal } from '@shared/forms/decimals';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField } from '@shared/forms/fields';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { secondPersonTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { call, useWrite } from '../api';
import { useFreshBase } from '../forms/use_fresh_base';
import { useMay } from '../forms/use_may';

const ROUTE = 'GET /admin/settings/approvals';
const MOST_TOKENS = 1_000_000_000;

export default function RulesForm({ rules, onClose }: { rules: ApprovalRulesResponse; onClose: () => void }) {
  const t = useTexts(secondPersonTexts);
  const { language } = useLanguage();
  const formats = useFormats();
  const notify = useNotice();
  const may = useMay(['super_admin']);
  const form = useForm({
    initialValues: {
      limit: writeDecimal(rules.second_person_above_tokens, language, 0, 0),
      price: rules.second_person_below_price,
    },
    validate: {
      limit: (text) => (isBetween(readInteger(text, language), 0, MOST_TOKENS) ? null : t.limitInvalid),
    },
  });
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
  const submit = form.onSubmit(({ limit, price }) =>
    save.mutate({
      body: {
        updated_at: fresh.base.updated_at,
        second_person_above_tokens: readInteger(limit, language) ?? 0,
        second_person_below_price: price,
      },
    }),
  );
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
        {...form.getInputProps('limit')}
      />
      <Switch label={t.price} disabled={!may} {...form.getInputProps('price', { type: 'checkbox' })} />
      {rules.updated_by_name && (
        <Text size="xs" c="dimmed">
          {t.changed(rules.updated_by_name, formats.dateTime(rules.updated_at))}
        </Text>
      )}
    </DialogForm>
  );
}
