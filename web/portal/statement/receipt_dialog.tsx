/** One call's receipt over the statement. */

import { Skeleton, Stack, Text } from '@mantine/core';
import { ApiError } from '@shared/api/errors';
import { Dialog } from '@shared/components/dialog';
import { EmptyMessage, ErrorMessage } from '@shared/components/messages';
import { useTexts } from '@shared/i18n/language';
import { receiptTexts, statementTexts } from '@shared/i18n';
import { ReceiptDetails } from '@shared/receipts/receipt_details';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';

interface ReceiptDialogProps {
  requestId: string;
  onClose: () => void;
}

export default function ReceiptDialog({ requestId, onClose }: ReceiptDialogProps) {
  const t = useTexts(receiptTexts);
  return (
    <Dialog opened title={t.title} size="lg" onClose={onClose}>
      <Body requestId={requestId} />
    </Dialog>
  );
}

function Body({ requestId }: { requestId: string }) {
  const t = useTexts(receiptTexts);
  const missing = useTexts(statementTexts).receiptMissing;
  const formats = useFormats();
  const read = useRead('GET /api/tokens/history/{request_id}', { path: { request_id: requestId } });
  const receipt = read.data;
  if (receipt) {
    const charged = receipt.arithmetic.tokens_charged;
    return (
      <Stack>
        <Text fw={600}>{t.inWords(charged, formats.integer(charged))}</Text>
        <ReceiptDetails receipt={receipt} />
      </Stack>
    );
  }
  if (read.error instanceof ApiError && read.error.status === 404) return <EmptyMessage text={missing} />;
  if (read.error) return <ErrorMessage error={read.error} onRetry={() => void read.refetch()} />;
  return <Skeleton height={420} />;
}
