/** What the reader may do with the account: two buttons, and the rest in a menu. */

import { Button, Menu, Text } from '@mantine/core';
import { addressOf } from '@shared/api/client';
import type { UserDetailResponse } from '@shared/api/admin.gen';
import { useTexts } from '@shared/i18n/language';
import { secondPersonTexts, userActionsTexts } from '@shared/i18n';
import {
  type Icon,
  IconChart,
  IconDownload,
  IconEdit,
  IconKey,
  IconModels,
  IconMore,
  IconPause,
  IconPlay,
  IconPlus,
  IconRefresh,
  IconTrash,
} from '@shared/icons';
import { useSession } from '@shared/session/session';
import { type ComponentType, lazy, type RefObject, Suspense, useId, useRef, useState } from 'react';
import { type Abilities, abilitiesOf } from '../users/abilities';
import type { UserDialogProps } from './dialogs';

type Action =
  | 'addCredits'
  | 'edit'
  | 'changePlan'
  | 'adjustLimit'
  | 'reset'
  | 'suspend'
  | 'reactivate'
  | 'newPassword'
  | 'anonymise';

interface Entry {
  action: Action;
  icon: Icon;
  ability: keyof Abilities;
  danger?: boolean;
}

const DIALOGS: Record<Action, ComponentType<UserDialogProps>> = {
  addCredits: lazy(() =>
    import('./add_credits_dialog').then((dialogs) => ({ default: dialogs.AddCreditsDialog })),
  ),
  edit: lazy(() => import('./edit_dialog').then((dialogs) => ({ default: dialogs.EditDialog }))),
  changePlan: lazy(() => import('./plan_dialog').then((dialogs) => ({ default: dialogs.PlanDialog }))),
  adjustLimit: lazy(() => import('./limit_dialog').then((dialogs) => ({ default: dialogs.LimitDialog }))),
  reset: lazy(() => import('./reset_dialog').then((dialogs) => ({ default: dialogs.ResetDialog }))),
  suspend: lazy(() => import('./suspend_dialog').then((dialogs) => ({ default: dialogs.SuspendDialog }))),
  reactivate: lazy(() =>
    import('./suspend_dialog').then((dialogs) => ({ default: dialogs.ReactivateDialog })),
  ),
  newPassword: lazy(() =>
    import('./password_dialog').then((dialogs) => ({ default: dialogs.PasswordDialog })),
  ),
  anonymise: lazy(() =>
    import('./anonymise_dialog').then((dialogs) => ({ default: dialogs.AnonymiseDialog })),
  ),
};
const MENU: readonly Entry[] = [
  { action: 'changePlan', icon: IconModels, ability: 'moveTokens' },
  { action: 'adjustLimit', icon: IconChart, ability: 'moveTokens' },
  { action: 'reset', icon: IconRefresh, ability: 'moveTokens' },
  { action: 'newPassword', icon: IconKey, ability: 'setPassword' },
  { action: 'suspend', icon: IconPause, ability: 'suspend', danger: true },
  { action: 'reactivate', icon: IconPlay, ability: 'reactivate' },
  { action: 'anonymise', icon: IconTrash, ability: 'anonymise', danger: true },
];

export function UserActions({ user }: { user: UserDetailResponse }) {
  const t = useTexts(userActionsTexts);
  const own = useTexts(secondPersonTexts).ownAccount;
  const ownNote = useId();
  const session = useSession();
  const abilities = abilitiesOf(session.user, user);
  const [action, setAction] = useState<Action>('edit');
  const [opened, setOpened] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const open = (next: Action) => {
    setAction(next);
    setOpened(true);
  };
  const entries = MENU.filter((entry) => abilities[entry.ability]);
  const ActionDialog = DIALOGS[action];
  return (
    <>
      {abilities.edit && (
        <Button variant="default" leftSection={<IconEdit size={18} />} onClick={() => open('edit')}>
          {t.edit}
        </Button>
      )}
      {abilities.moveTokens && (
        <Button leftSection={<IconPlus size={18} />} onClick={() => open('addCredits')}>
          {t.addCredits}
        </Button>
      )}
      {abilities.ownTokens && (
        <>
          <Button leftSection={<IconPlus size={18} />} disabled aria-describedby={ownNote}>
            {t.addCredits}
          </Button>
          <Text id={ownNote} size="xs" c="dimmed" maw={260}>
            {own}
          </Text>
        </>
      )}
      {(entries.length > 0 || abilities.export) && (
        <MoreMenu
          entries={entries}
          exportId={abilities.export ? user.id : null}
          button={more}
          onOpen={(next) => {
            // The menu is gone when the dialog closes: the focus has to find back to its button.
            more.current?.focus();
            open(next);
          }}
        />
      )}
      <Suspense>
        <ActionDialog user={user} opened={opened} onClose={() => setOpened(false)} />
      </Suspense>
    </>
  );
}

interface MoreMenuProps {
  entries: readonly Entry[];
  exportId: string | null;
  button: RefObject<HTMLButtonElement | null>;
  onOpen: (action: Action) => void;
}

function MoreMenu({ entries, exportId, button, onOpen }: MoreMenuProps) {
  const t = useTexts(userActionsTexts);
  return (
    <Menu position="bottom-end" width={230} returnFocus>
      <Menu.Target>
        <Button ref={button} variant="default" leftSection={<IconMore size={18} />}>
          {t.more}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(({ action, icon: ActionIcon, danger }) => (
          <Menu.Item
            key={action}
            leftSection={<ActionIcon size={18} />}
            {...(danger ? { color: 'var(--solaris-blocked-text)' } : {})}
            onClick={() => onOpen(action)}
          >
            {t[action]}
          </Menu.Item>
        ))}
        {exportId !== null && (
          <Menu.Item
            component="a"
            href={addressOf('GET /admin/users/{id}/export', { path: { id: exportId } })}
            download
            leftSection={<IconDownload size={18} />}
          >
            {t.exportData}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
