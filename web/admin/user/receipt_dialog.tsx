import { Center, Loader } from '@mantine/core';
import { Dialog } from '@shared/components/dialog';
import { ErrorMessage } from '@shared/components/messages';
import { commonTexts, receiptTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { ReceiptDetails } from '@shared/receipts/receipt_details';
import { useSession } from '@shared/session/session';
import { useRead } from '../api';
import { seesMoney } from '../users/abilities';

interface ReceiptDialogProps {
  userId: string;
  requestId: string;
  opened: boolean;
  onClose: () => void;
}

/** One call's receipt. */
export function ReceiptDialog({ userId, requestId, opened, onClose }: ReceiptDialogProps) {
  const t = useTexts(receiptTexts);
  return (
    <Dialog opened={opened} title={t.title} size="lg" onClose={onClose}>
      <Receipt key={requestId} userId={userId} requestId={requestId} />
    </Dialog>
  );
}

function Receipt({ userId, requestId }: { userId: string; requestId: string }) {
  const t = useTexts(receiptTexts);
  const common = useTexts(commonTexts);
  const { user } = useSession();
  const { language } = useLanguage();
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  const receipt = useRead('GET /admin/users/{id}/usage/{request_id}', {
    path: { id: userId, request_id: requestId },
  });
  if (receipt.error) return <ErrorMessage error={receipt.error} onRetry={() => void receipt.refetch()} />;
  if (!receipt.data) {
    return (
      <Center component="output" mih={320} aria-label={common.loading}>
        <Loader />
      </Center>
    );
  }
  const cost = receipt.data.cost_usd;
  const money: [string, string][] =
    seesMoney(user.role) && cost !== null ? [[t.cost, `US$ ${format.format(cost)}`]] : [];
  return <ReceiptDetails receipt={receipt.data} more={money} />;
}
