import { UnstyledButton } from '@mantine/core';
import type { UserState } from '@shared/api/admin.gen';
import { toneOf } from '@shared/components/states';
import { useTexts } from '@shared/i18n/language';
import { usersTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { STATES } from './filters';
import classes from './users.module.css';

interface StateTabsProps {
  totals: Record<string, number> | undefined;
  chosen: UserState | null;
  onChoose: (state: UserState | null) => void;
}

/** How many users are in each state; a press shows these alone. */
export function StateTabs({ totals, chosen, onChoose }: StateTabsProps) {
  const t = useTexts(usersTexts);
  const all = totals && Object.values(totals).reduce((sum, count) => sum + count, 0);
  return (
    <fieldset className={classes.tabs} aria-label={t.byState}>
      <StateTab
        label={t.states.all}
        count={all}
        chosen={chosen === null}
        tone="all"
        onChoose={() => onChoose(null)}
      />
      {STATES.map((state) => (
        <StateTab
          key={state}
          label={t.states[state]}
          count={totals?.[state]}
          chosen={chosen === state}
          tone={toneOf(state)}
          onChoose={() => onChoose(chosen === state ? null : state)}
        />
      ))}
    </fieldset>
  );
}

interface StateTabProps {
  label: string;
  count: number | undefined;
  chosen: boolean;
  tone: string;
  onChoose: () => void;
}

function StateTab({ label, count, chosen, tone, onChoose }: StateTabProps) {
  const formats = useFormats();
  return (
    <UnstyledButton className={classes.tab} aria-pressed={chosen} data-tone={tone} onClick={onChoose}>
      <span className={classes.label}>{label}</span>
      <span className={classes.count}>{count === undefined ? '…' : formats.integer(count)}</span>
    </UnstyledButton>
  );
}
