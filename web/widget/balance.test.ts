import { describe, expect, it } from 'vitest';
import { alertToShow, type Balance, readBalance, rearmed, type Shown } from './balance';

const BALANCE: Balance = {
  user_id: 'ana',
  tokens_remaining: 19_000,
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
    shown = { user: balance.user_id, period: balance.renews_on, percent };
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
