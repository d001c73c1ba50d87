/** Which language the reader chose, and the texts in it. */

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { readChoice, writeChoice } from '../choices';
import { type Area, LANGUAGES, type Language, type TextsLike } from './texts';

interface LanguageChoice {
  language: Language;
  choose: (language: Language) => void;
}

const Context = createContext<LanguageChoice>({ language: 'pt-BR', choose: () => undefined });

/** Portuguese unless the reader chose otherwise; the choice stays in the browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => readChoice('language', LANGUAGES) ?? 'pt-BR');
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      choose: (next: Language) => {
        writeChoice('language', next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useLanguage(): LanguageChoice {
  return useContext(Context);
}

/** The texts of one area in the reader's language: `const t = useTexts(statementTexts)`. */
export function useTexts<T>(texts: Area<T>): TextsLike<T> {
  return texts[useLanguage().language];
}
