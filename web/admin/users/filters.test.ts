import { describe, expect, it } from 'vitest';
import { isWrongOrder, nameOfState, readFilters, readOrder, STATES, stateOf } from './filters';

function address(text: string) {
  const parameters = new URLSearchParams(text);
  return (name: string) => parameters.get(name) ?? '';
}

describe('the list in the address', () => {
  it('asks for nothing without filters', () => {
    expect(readFilters(address(''))).toEqual({});
  });

  it('asks for what is set', () => {
    const all =
      'busca= maria &estado=alerta-90&plano=basico&uso=80-90&criado_de=2026-01-01&criado_ate=2026-02-01';
    expect(readFilters(address(all))).toEqual({
      q: 'maria',
      state: 'alert_90',
      plan: 'basico',
      usage_percent_min: 80,
      usage_percent_max: 89.99,
      created_from: '2026-01-01',
      created_to: '2026-02-01',
    });
  });

  it('leaves out what makes no sense', () => {
    expect(readFilters(address('estado=x&uso=7&criado_de=ontem&criado_ate=2026-13-45'))).toEqual({});
    expect(readFilters(address('criado_de=2026-02-01&criado_ate=2026-01-01'))).toEqual({
      created_from: '2026-02-01',
    });
    expect(isWrongOrder('2026-02-01', '2026-01-01')).toBe(true);
    expect(isWrongOrder('', '2026-01-01')).toBe(false);
  });

  it('names every state and finds it again', () => {
    for (const state of STATES) expect(stateOf(nameOfState(state))).toBe(state);
    expect(stateOf('')).toBeNull();
  });

  it('sorts by what the service knows', () => {
    expect(readOrder({ column: 'name', descending: false })).toEqual({ sort: 'name', order: 'asc' });
    expect(readOrder({ column: 'x; drop', descending: false })).toEqual({
      sort: 'created_at',
      order: 'desc',
    });
  });
});
