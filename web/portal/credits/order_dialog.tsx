/** A request for credits: what is asked for, how soon, and afterwards its ticket number. */

import { Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ApiError } from '@shared/api/errors';
import type { PackageResponse, PurchaseResponse, PurchaseBody, Urgency } from '@shared/api/proxy.gen';
import { Dialog } from '@shared/components/dialog';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField } from '@shared/forms/fields';
import { isBetween, readInteger } from '@shared/forms/decimals';
import { commonTexts, shopTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { Link } from 'wouter';
import { useWrite } from '../api';
import { paths } from '../paths';
import { packageName } from './package_words';

const URGENCIES: readonly Urgency[] = ['low', 'normal', 'high'];
const MOST_NOTE_CHARACTERS = 1000;
const MOST_TOKENS = 1_000_000_000;

interface OrderDialogProps {
  /** null: another amount. */
  offer: PackageResponse | null;
  onClose: () => void;
}

export default function OrderDialog({ offer, onClose }: OrderDialogProps) {
  const t = useTexts(shopTexts);
  const [made, setMade] = useState<PurchaseResponse | null>(null);
  // A change of what is ordered is another order, and gets another key; a second press of the same is none.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const buy = useWrite('POST /api/credits/purchase', {
    refresh: ['GET /api/credits/requests'],
    onDone: setMade,
    errorNotice: false,
  });
  const formats = useFormats();
  const name = offer && packageName(offer, t.tokens(offer.tokens, formats.integer(offer.tokens)));
  const title = made ? t.sentTitle : name ? t.dialogPackage(name) : t.dialogOther;
  return (
    <Dialog opened title={title} busy={buy.isPending} onClose={onClose}>
      {made ? (
        <Made made={made} onClose={onClose} />
      ) : (
        <OrderForm
          offer={offer}
          busy={buy.isPending}
          error={buy.error}
          onChange={() => setKey(crypto.randomUUID())}
          onCancel={onClose}
          onOrder={(body) => buy.mutate({ body, header: { 'idempotency-key': key } })}
        />
      )}
    </Dialog>
  );
}

interface OrderFormProps {
  offer: PackageResponse | null;
  busy: boolean;
  error: ApiError | null;
  onChange: () => void;
  onCancel: () => void;
  onOrder: (body: PurchaseBody) => void;
}

function OrderForm({ offer, busy, error, onChange, onCancel, onOrder }: OrderFormProps) {
  const t = useTexts(shopTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const form = useForm({
    initialValues: { amount: '', urgency: 'normal' as Urgency, note: '' },
    validate: {
      amount: (text) =>
        offer || isBetween(readInteger(text, language), 1, MOST_TOKENS) ? null : t.amountError,
    },
    onValuesChange: onChange,
  });
  const submit = form.onSubmit(({ amount, urgency, note }) => {
    const asked = offer ? { package_id: offer.id } : { tokens: readInteger(amount, language) };
    onOrder({ ...asked, method: 'manual', urgency, note: note.trim() });
  });
  return (
    <DialogForm action={t.send} busy={busy} error={error} onSubmit={submit} onCancel={onCancel}>
      {offer ? (
        <Text fw={600}>
          {t.order(t.tokens(offer.tokens, formats.integer(offer.tokens)), formats.money(offer.amount_brl))}
        </Text>
      ) : (
        <IntegerField label={t.amount} required {...form.getInputProps('amount')} />
      )}
      <Text size="sm" c="dimmed">
        {t.manualText}
      </Text>
      <div>
        <Text size="sm" fw={600} mb={4} id="urgencia">
          {t.urgency}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="urgencia"
          data={URGENCIES.map((value) => ({ value, label: t.urgencies[value] }))}
          {...form.getInputProps('urgency', { withError: false })}
        />
      </div>
      <Textarea
        label={t.note}
        description={t.noteHelp}
        maxLength={MOST_NOTE_CHARACTERS}
        autosize
        minRows={2}
        {...form.getInputProps('note')}
      />
    </DialogForm>
  );
}

function Made({ made, onClose }: { made: PurchaseResponse; onClose: () => void }) {
  const t = useTexts(shopTexts);
  const common = useTexts(commonTexts);
  return (
    <Stack>
      <output style={{ display: 'block' }}>
        <Text size="sm" c="dimmed">
          {t.ticket}
        </Text>
        <Text fz="1.5rem" fw={650}>
          {made.ticket_number}
        </Text>
        <Text mt="xs">{made.message}</Text>
      </output>
      <Text size="sm" c="dimmed">
        {t.ticketNote}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {common.close}
        </Button>
        <Button component={Link} href={paths.requests} data-autofocus>
          {t.follow}
        </Button>
      </Group>
    </Stack>
  );
}
