import { expect, test } from 'vitest';
import { pages as adminPages } from '../../admin/pages';
import { paths as adminPaths } from '../../admin/paths';
import { pages as portalPages } from '../../portal/pages';
import { paths as portalPaths } from '../../portal/paths';
import { firstPage, isCurrent } from './pages';

test.each([
  ['portal', portalPages, portalPaths],
  ['admin', adminPages, adminPaths],
] as const)('every address of the %s has a page, and every page an address', (_, pages, paths) => {
  const { signIn, ...others } = paths;
  expect(signIn).toBe('/entrar');
  expect(pages.map((page) => page.path).toSorted()).toEqual(Object.values(others).toSorted());
});

test('each role of the staff finds a first page that it may see', () => {
  expect(firstPage(adminPages, 'operator')?.path).toBe('/');
});

test('a page below another marks it in the navigation, a page of like name does not', () => {
  const users = {
    path: '/usuarios',
    name: 'start',
    load: () => Promise.reject(new Error('unused')),
  } as const;
  expect(isCurrent(users, '/usuarios/7')).toBe(true);
  expect(isCurrent(users, '/usuarios-novos')).toBe(false);
});
