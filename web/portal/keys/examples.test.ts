import { expect, test } from 'vitest';
import { curlExample, pythonExample } from './examples';

const PARTS = { origin: 'https://tokens.example.com.br', key: 'sk-solaris-x', question: 'Olá!' };

test('the curl line is one command with a body that is JSON', () => {
  const text = curlExample(PARTS);
  expect(
    text
      .split('\n')
      .slice(0, -1)
      .every((line) => line.endsWith('\\')),
  ).toBe(true);
  expect(text).toContain('curl https://tokens.example.com.br/v1/chat/completions');
  expect(text).toContain('Authorization: Bearer sk-solaris-x');
  const body = JSON.parse(/-d '(.*)'$/.exec(text)?.[1] ?? '') as { messages: { content: string }[] };
  expect(body.messages[0]?.content).toBe('Olá!');
});

test('the Python lines name the address and the key', () => {
  expect(pythonExample(PARTS)).toContain(
    'OpenAI(base_url="https://tokens.example.com.br/v1", api_key="sk-solaris-x")',
  );
});
