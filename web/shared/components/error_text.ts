import { useCallback } from 'react';
import { ApiError } from '../api/errors';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';

/** The sentence for an error: the service's own where it gave one. */
export function useErrorText(): (error: unknown) => string {
  const t = useTexts(commonTexts);
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof ApiError)) return t.errorUnknown;
      if (error.status === 0) return t.errorUnreachable;
      return error.message || t.errorUnknown;
    },
    [t],
  );
}
