/** The dialog for a new key and for one that is there; a new one ends with the key itself. */

import type { CreatedFrontEndResponse, FrontEndResponse } from '@shared/api/admin.gen';
import { Dialog } from '@shared/components/dialog';
import { frontEndTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useState } from 'react';
import type { DialogTarget } from '../forms/use_dialog_target';
import { FrontEndForm } from './front_end_form';
import { ReadyKey } from './ready_key';

export default function FormDialog({ dialog }: { dialog: DialogTarget<FrontEndResponse | 'new'> }) {
  const t = useTexts(frontEndTexts);
  const [created, setCreated] = useState<CreatedFrontEndResponse | null>(null);
  const row = dialog.target === 'new' ? null : dialog.target;
  const close = () => {
    dialog.close();
    setCreated(null);
  };
  return (
    <Dialog
      opened={dialog.opened}
      onClose={close}
      // A slip outside must not lose the key.
      busy={created !== null}
      title={created ? t.readyTitle : row ? t.edit(row.name) : t.create}
      size="lg"
    >
      {created ? (
        <ReadyKey created={created} onClose={close} />
      ) : (
        <FrontEndForm row={row} onCreated={setCreated} onClose={close} />
      )}
    </Dialog>
  );
}
