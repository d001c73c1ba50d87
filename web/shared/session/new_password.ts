/** What is wrong with a change of password before the service is asked. */

export interface PasswordFields {
  current: string;
  next: string;
  again: string;
}

type PasswordProblem = 'missing' | 'tooShort' | 'different';
export type PasswordProblems = Partial<Record<keyof PasswordFields, PasswordProblem>>;

const LEAST_CHARACTERS = 10;

export function problemsOf({ current, next, again }: PasswordFields): PasswordProblems {
  const problems: PasswordProblems = {};
  if (!current) problems.current = 'missing';
  if (!next) problems.next = 'missing';
  // Characters as people count them, and as the service does.
  else if ([...next].length < LEAST_CHARACTERS) problems.next = 'tooShort';
  if (next && again !== next) problems.again = again ? 'different' : 'missing';
  return problems;
}
