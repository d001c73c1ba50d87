/**
 * The TypeScript types of one service's API, from its OpenAPI document on standard input.
 *
 *     solaris openapi proxy | node openapi/generate.ts proxy [--check]
 *
 * Writes `shared/api/<service>.gen.ts`. `--check` writes nothing and fails where the file is not current.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { createConfig } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';

const HEADER = '/** Generated from the API by `make types`; never edited by hand. */\n\n';
const [service, option] = process.argv.slice(2);
const file = resolve(import.meta.dirname, `../shared/api/${service}.gen.ts`);

// The pages make no model calls: those routes and what only they use stay out.
const redocly = await createConfig({
  decorators: {
    'filter-out': { property: 'tags', value: ['gateway'] },
    'remove-unused-components': 'on',
  },
});
const types = await openapiTS(JSON.parse(await text(process.stdin)), {
  redocly,
  alphabetize: true,
  defaultNonNullable: false,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
});
const current = HEADER + astToString(types);
if (option !== '--check') writeFileSync(file, current);
else if (readFileSync(file, 'utf8') !== current) {
  process.stderr.write(`${service}.gen.ts is not current: run \`make types\`\n`);
  process.exitCode = 1;
}
