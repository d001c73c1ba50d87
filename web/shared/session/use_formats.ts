/** The formats of the reader's language and the customer's time zone. */

import { useMemo } from 'react';
import { type Formats, makeFormats } from '../formats';
import { useLanguage } from '../i18n/language';
import { useSessionState } from './session';

const UNTIL_KNOWN = 'America/Sao_Paulo';

export function useFormats(): Formats {
  const { language } = useLanguage();
  const timeZone = useSessionState().session?.timezone ?? UNTIL_KNOWN;
  return useMemo(() => makeFormats(language, timeZone), [language, timeZone]);
}
