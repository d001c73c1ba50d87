import type { Role } from '@shared/session/session';
import { describe, expect, it } from 'vitest';
import { abilitiesOf } from './abilities';

type Account = Parameters<typeof abilitiesOf>[1];
const USER: Account = { id: 'u', role: 'user', active: true, anonymised_at: null };

function able(role: Role, account = USER): string[] {
  const abilities = abilitiesOf({ id: 'me', role }, account);
  return Object.entries(abilities).flatMap(([name, may]) => (may ? [name] : []));
}

describe('what staff may do', () => {
  it('grows with the role', () => {
    expect(able('support')).toEqual([]);
    expect(able('operator')).toEqual(['edit', 'suspend']);
    const all = ['edit', 'suspend', 'moveTokens', 'setPassword', 'anonymise', 'export'];
    expect(able('admin')).toEqual(all);
    expect(able('super_admin')).toEqual(all);
  });

  it('leaves accounts of the staff to the top', () => {
    expect(able('admin', { ...USER, role: 'operator' })).toEqual(['export']);
    expect(able('super_admin', { ...USER, role: 'operator' })).toContain('suspend');
  });

  it('lets nobody shut himself out', () => {
    expect(able('super_admin', { ...USER, id: 'me', role: 'super_admin' })).not.toContain('suspend');
    expect(able('super_admin', { ...USER, id: 'me', role: 'super_admin' })).not.toContain('anonymise');
  });

  it('lets no one give themselves tokens', () => {
    const own = able('super_admin', { ...USER, id: 'me', role: 'super_admin' });
    expect(own).not.toContain('moveTokens');
    expect(own).toContain('ownTokens');
  });

  it('reactivates the suspended, and leaves the anonymised alone', () => {
    expect(able('operator', { ...USER, active: false })).toEqual(['edit', 'reactivate']);
    expect(able('super_admin', { ...USER, anonymised_at: '2026-01-01T00:00:00Z' })).toEqual(['export']);
  });
});
