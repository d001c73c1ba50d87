/** The period of a page, kept in the address: a preset by name, or the two days. */

import { useSession } from '../session/session';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { daysOf, isDay, type Period, PRESETS, type Preset, periodOf, todayIn } from './period';

export type Choice = Preset | 'custom' | 'any';

export interface PeriodState {
  choice: Choice;
  /** The days to ask for; null where any date will do. While two days make no period it is the last that did. */
  period: Period | null;
  /** As typed into the two date fields. */
  from: string;
  to: string;
  /** Why the two days make no period. */
  problem: 'order' | 'length' | null;
  mostDays: number;
  choose: (choice: Choice) => void;
  setDays: (days: Partial<Period>) => void;
}

const NAME = 'periodo';
const FROM = 'de';
const TO = 'ate';

export interface PeriodDefaults {
  initial: Preset | 'any';
  mostDays?: number;
  onChange?: () => void;
}

export function usePeriod({ initial, mostDays = 400, onChange }: PeriodDefaults): PeriodState {
  const [parameters, setParameters] = useSearchParams();
  const { timezone } = useSession();
  const today = todayIn(timezone);
  const choice = readChoice(parameters.get(NAME), initial);
  const preset = choice === 'custom' || choice === 'any' ? null : choice;
  const from = parameters.get(FROM) ?? '';
  const to = parameters.get(TO) ?? '';
  const problem = choice === 'custom' ? problemOf({ from, to }, mostDays) : null;
  const asked = useMemo(() => {
    if (preset) return periodOf(preset, today);
    return choice === 'custom' && isDay(from) && isDay(to) ? { from, to } : null;
  }, [preset, choice, today, from, to]);
  const [last, setLast] = useState<Period | null>(() =>
    initial === 'any' ? null : periodOf(initial, today),
  );
  const usable = choice === 'any' || (asked !== null && problem === null);
  if (usable && !same(last, asked)) setLast(asked);
  const write = (values: Record<string, string>) => {
    setParameters(
      (present) => {
        const next = new URLSearchParams(present);
        for (const [name, value] of Object.entries(values)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
    onChange?.();
  };
  return {
    choice,
    period: usable ? asked : last,
    from,
    to,
    problem,
    mostDays,
    choose: (next) => {
      const start = last ?? periodOf('thirty', today);
      write({
        [NAME]: next === initial ? '' : next,
        [FROM]: next === 'custom' ? start.from : '',
        [TO]: next === 'custom' ? start.to : '',
      });
    },
    setDays: (days) => write({ [FROM]: days.from ?? from, [TO]: days.to ?? to }),
  };
}

function same(one: Period | null, other: Period | null): boolean {
  return one?.from === other?.from && one?.to === other?.to;
}

function readChoice(text: string | null, initial: Preset | 'any'): Choice {
  if (text === 'custom' || text === 'any') return text;
  return PRESETS.find((one) => one === text) ?? initial;
}

function problemOf(period: Period, mostDays: number): 'order' | 'length' | null {
  if (!isDay(period.from) || !isDay(period.to)) return null;
  const days = daysOf(period);
  if (days < 1) return 'order';
  return days > mostDays ? 'length' : null;
}
