import { expect, test } from 'vitest';
import { localPage } from './local_page';

const rows = [
  { name: 'Bia', tokens: 5 },
  { name: 'Álvaro', tokens: null },
  { name: 'Caio', tokens: 9 },
];
const valueOf = (row: (typeof rows)[number], column: string) => (column === 'name' ? row.name : row.tokens);
const names = (page: number, column: string, descending: boolean) =>
  localPage(rows, { page, pageSize: 2, sort: { column, descending } }, valueOf).map(({ name }) => name);

test('accents sort as in Portuguese', () => expect(names(1, 'name', false)).toEqual(['Álvaro', 'Bia']));
test('what has no value stands last in both orders', () => {
  expect(names(1, 'tokens', false)).toEqual(['Bia', 'Caio']);
  expect(names(2, 'tokens', true)).toEqual(['Álvaro']);
});
test('a page beyond the last is the last', () => expect(names(9, 'name', false)).toEqual(['Caio']));
