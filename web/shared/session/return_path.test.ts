import { expect, test } from 'vitest';
import { returnPath, signInAddress } from './return_path';

test.each([
  ['?voltar=%2Fextrato%3Fpagina%3D2', '/extrato?pagina=2'],
  ['', '/'],
  ['?voltar=https%3A%2F%2Fevil.example', '/'],
  ['?voltar=%2F%2Fevil.example', '/'],
  ['?voltar=%2F%5Cevil.example', '/'],
  ['?voltar=%2F..%2F%2Fevil.example%2Fx', '/'],
  ['?voltar=javascript%3Aalert(1)', '/'],
])('%s leads to %s', (search, path) => expect(returnPath(search)).toBe(path));

test('the way back is kept, but for the start page', () => {
  expect(signInAddress('/entrar', '/')).toBe('/entrar');
  expect(returnPath(new URL(signInAddress('/entrar', '/usuarios?ordem=-saldo'), 'http://x').search)).toBe(
    '/usuarios?ordem=-saldo',
  );
});
