/** What can be done with a request, and all that it says. */

import type { StaffRequestResponse } from '@shared/api/admin.gen';
import { Dialog } from '@shared/components/dialog';
import { useTexts } from '@shared/i18n/language';
import { requestsTexts } from '@shared/i18n';
import { Approval } from './approval';
import { RequestDetails } from './details';
import { Rejection } from './rejection';
import type { Deed } from './request_columns';

interface DeedDialogProps {
  opened: boolean;
  target: { deed: Deed; row: StaffRequestResponse } | null;
  open: (target: { deed: Deed; row: StaffRequestResponse }) => void;
  close: () => void;
}

export default function DeedDialog({ opened, target, open, close }: DeedDialogProps) {
  const t = useTexts(requestsTexts);
  const titles = { approve: t.approveOf, reject: t.rejectOf, details: (ticket: string) => ticket };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={target ? titles[target.deed](target.row.ticket_number) : ''}
    >
      {target === null ? (
        <span />
      ) : target.deed === 'approve' ? (
        <Approval row={target.row} onClose={close} />
      ) : target.deed === 'reject' ? (
        <Rejection row={target.row} onClose={close} />
      ) : (
        <RequestDetails row={target.row} onDeed={(deed) => open({ deed, row: target.row })} />
      )}
    </Dialog>
  );
}
