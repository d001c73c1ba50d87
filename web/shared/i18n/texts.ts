/** Texts of the pages, by area. A text is a string, or a function of what it speaks of: `(count: number) => …`. */

export type Language = 'pt-BR' | 'en';
export const LANGUAGES: readonly Language[] = ['pt-BR', 'en'];

/** The shape of an area: the English texts must have exactly the keys and parameters of the Portuguese ones. */
export type TextsLike<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...parameters: infer P) => string
      ? (...parameters: P) => string
      : TextsLike<T[K]>;
};

/** One area's texts in both languages. */
export type Area<T> = Record<Language, TextsLike<T>>;

/** Puts an area together; a key that English lacks is a compile error. A page that names no text of it leaves it out. */
/* @__NO_SIDE_EFFECTS__ */
export function area<T>(portuguese: T, english: TextsLike<T>): Area<T> {
  return { 'pt-BR': portuguese as TextsLike<T>, en: english };
}

/** `one` or `many`, by the language's rule; of nothing there are many, as Brazilians write it beside a figure: "0 tokens". */
export function plural(language: Language, count: number, one: string, many: string): string {
  return count !== 0 && new Intl.PluralRules(language).select(count) === 'one' ? one : many;
}
