import { describe, expect, it } from 'vitest';
import { alertToShow, type Balance, readBalance, rearmed, type Shown, shownNow } from './balance';

const BALANCE: Balance = {
  user_id: 'ana',
  tokens_remaining: 19_000,
  left: 19_000,
  refused_tokens: 0,
  renews: true,
  usage_percent: 81,
  state: 'alert_80',
  alert: 80,
  renews_on: '2026-12-01',
};

/** What a browser remembers after these balances, and the alerts that it showed. */
function shownAfter(...balances: Partial<Balance>[]): number[] {
  let shown: Shown | null = null;
  const told: number[] = [];
  for (const change of balances) {
    const balance = { ...BALANCE, ...change };
    shown = rearmed(shown, balance) ?? shown;
    const percent = alertToShow(shown, balance);
    if (percent === null) continue;
    told.push(percent);
    shown = shownNow(percent, balance);
  }
  return told;
}

const at = (percent: number) => ({ usage_percent: percent, alert: percent });

describe('an alert', () => {
  it('is shown once, however many balances come before it was acknowledged', () => {
    expect(
      shownAfter({}, {}, { usage_percent: 85 }, { alert: null }, { usage_percent: 86, alert: null }),
    ).toEqual([80]);
  });

  it('of a rest that covers no call is shown once, though less than 100 % is used', () => {
    const stopped = { usage_percent: 98.8, alert: 100, state: 'blocked' } as const;
    expect(
      shownAfter(
        { usage_percent: 98.8, alert: 90 },
        stopped,
        stopped,
        { ...stopped, alert: null },
        { usage_percent: 98.9, alert: null, state: 'alert_90' },
        stopped,
      ),
    ).toEqual([90, 100]);
    // Credits arm it again.
    expect(shownAfter(stopped, { usage_percent: 40, alert: null }, stopped)).toEqual([100, 100]);
  });

  it('is not shown again where a tab still holds an older balance after it was acknowledged', () => {
    expect(shownAfter({}, { alert: null }, {})).toEqual([80]);
  });

  it('is shown for each threshold', () => {
    expect(
      shownAfter(
        { usage_percent: 79, alert: null },
        at(80),
        at(90),
        { ...at(90), usage_percent: 95 },
        at(100),
      ),
    ).toEqual([80, 90, 100]);
  });

  it('leaves out what was passed at once', () => {
    expect(shownAfter({ usage_percent: 79, alert: null }, { usage_percent: 100, alert: 100 })).toEqual([100]);
  });

  it('is armed again by credits that bring the use below it', () => {
    const granted = { usage_percent: 60, alert: null };
    expect(
      shownAfter({ usage_percent: 100, alert: 100 }, granted, {}, { usage_percent: 91, alert: 90 }),
    ).toEqual([100, 80, 90]);
  });

  it('stays shown where credits leave the use above it', () => {
    expect(
      shownAfter({ usage_percent: 89 }, { usage_percent: 84, alert: null }, { usage_percent: 90, alert: 90 }),
    ).toEqual([80, 90]);
  });

  it('is shown anew in another month and to another user', () => {
    expect(shownAfter({}, { renews_on: '2027-01-01' }, { user_id: 'rui' })).toEqual([80, 80, 80]);
  });
});

describe('readBalance', () => {
  it('takes what the server sends', () => {
    expect(readBalance({ ...BALANCE, more: 1 })).toMatchObject(BALANCE);
    expect(readBalance({ ...BALANCE, alert: null })?.alert).toBeNull();
  });

  it('reads what is left, held or not, and whether it is renewed', () => {
    const told = { ...BALANCE, tokens_remaining: 0, credits: 2, refused_tokens: 170 };
    expect(readBalance({ ...told, allowance: { granted: 1000, used: 990, left: 10 } })).toMatchObject({
      left: 12,
      refused_tokens: 170,
      renews: true,
    });
    expect(readBalance({ ...told, allowance: { granted: 0, used: 0, left: 0 } })?.renews).toBe(false);
  });

  it('takes an older service, which tells less', () => {
    const { left, renews, refused_tokens, ...older } = BALANCE;
    expect(readBalance(older)).toEqual({ ...older, left, renews, refused_tokens });
  });

  it.each([
    null,
    7,
    'x',
    [],
    {},
    { ...BALANCE, tokens_remaining: '1' },
    { ...BALANCE, renews_on: undefined },
  ])('takes nothing else: %j', (data) => {
    expect(readBalance(data)).toBeNull();
  });
});
