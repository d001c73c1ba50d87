import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plural, type TextsLike } from './texts';

const WEB = resolve(import.meta.dirname, '../..');
const AREAS = import.meta.glob<Record<string, unknown>>('./*.ts', { eager: true });

function sources(): string[] {
  return ['portal', 'admin', 'shared'].flatMap((folder) =>
    readdirSync(join(WEB, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.tsx'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}

// A word between tags, or in an attribute that people read or hear.
const BETWEEN_TAGS = />\s*([^<>{}=;()]*[A-Za-zÀ-ÿ]{2}[^<>{}=;()]*)\s*<\//g;
const IN_ATTRIBUTES =
  /\s(?:title|label|placeholder|alt|aria-label|description|legend)="([^"]*[A-Za-zÀ-ÿ]{2}[^"]*)"/g;

test.each(sources().map((file) => [file.slice(WEB.length + 1), file]))(
  '%s holds no text of its own',
  (_, file) => {
    const code = readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\/\/ .*/g, '');
    const found = [...code.matchAll(BETWEEN_TAGS), ...code.matchAll(IN_ATTRIBUTES)].map((match) =>
      match[1]?.trim(),
    );
    expect(found).toEqual([]);
  },
);

type Tree = { [key: string]: string | ((...parameters: never[]) => string) | Tree };

function leaves(tree: Tree, path = ''): [string, Tree[string]][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object'
      ? leaves(value, `${path}${key}.`)
      : [[path + key, value] as [string, Tree[string]]],
  );
}

describe.each(
  Object.entries(AREAS).flatMap(([file, module]) =>
    Object.entries(module)
      .filter(([name]) => name.endsWith('Texts'))
      .map(([name, area]) => [file, name, area as Record<'pt-BR' | 'en', Tree>] as const),
  ),
)('%s %s', (_file, _name, area) => {
  test('says everything in both languages', () => {
    const portuguese = leaves(area['pt-BR']);
    const english = leaves(area.en);
    expect(english.map(([key]) => key).toSorted()).toEqual(portuguese.map(([key]) => key).toSorted());
    for (const [key, value] of [...portuguese, ...english]) {
      if (typeof value === 'string') expect(value.trim(), key).not.toBe('');
    }
  });
});

test('plurals follow each language', () => {
  expect(plural('pt-BR', 0, 'linha', 'linhas')).toBe('linhas');
  expect(plural('pt-BR', 1, 'linha', 'linhas')).toBe('linha');
  expect(plural('pt-BR', 2, 'linha', 'linhas')).toBe('linhas');
  expect(plural('en', 0, 'row', 'rows')).toBe('rows');
});

test('a text that English lacks does not compile', () => {
  const portuguese = { greeting: (name: string) => `Olá, ${name}`, end: 'Fim' };
  // @ts-expect-error: `end` is missing
  const english: TextsLike<typeof portuguese> = { greeting: (name) => `Hello, ${name}` };
  expect(english.greeting('Ana')).toBe('Hello, Ana');
});
