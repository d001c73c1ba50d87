import { paths } from '../paths';

/** The address of one user's page. */
export function userPath(id: string): string {
  return paths.user.replace(':id', encodeURIComponent(id));
}
