import type { UserDetailResponse } from '@shared/api/admin.gen';

/** What every dialog about an account is given. */
export interface UserDialogProps {
  user: UserDetailResponse;
  opened: boolean;
  onClose: () => void;
}

/** What the form inside is given. */
export interface UserFormProps {
  user: UserDetailResponse;
  hold: (busy: boolean) => void;
  onClose: () => void;
}

/** How the account is called in a sentence. */
export function nameOf(user: { name: string; email: string | null; id: string }): string {
  return user.name || user.email || user.id;
}
