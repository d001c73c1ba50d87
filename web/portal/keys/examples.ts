/** Lines that call this proxy with a key, ready to paste. */

export interface ExampleParts {
  /** Of the proxy, without a slash at its end. */
  origin: string;
  key: string;
  question: string;
}

/** A model of every installation's first configuration. */
const MODEL = 'gpt-4';

export function baseUrl(origin: string): string {
  return `${origin}/v1`;
}

export function curlExample({ origin, key, question }: ExampleParts): string {
  const body = JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: question }] });
  return [
    `curl ${baseUrl(origin)}/chat/completions \\`,
    `  -H "Authorization: Bearer ${key}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d '${body}'`,
  ].join('\n');
}

export function pythonExample({ origin, key, question }: ExampleParts): string {
  return [
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url="${baseUrl(origin)}", api_key="${key}")`,
    'answer = client.chat.completions.create(',
    `    model="${MODEL}",`,
    `    messages=[{"role": "user", "content": ${JSON.stringify(question)}}],`,
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n');
}
