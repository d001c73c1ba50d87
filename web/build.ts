/** Builds the portal, the administration and the widget into `dist/`. `node build.ts portal` builds one of them. */

import { join } from 'node:path';
import { build } from 'vite';
import { DIST, precompress } from './vite.shared.ts';

const ALL = ['portal', 'admin', 'widget'];
const asked = process.argv.slice(2);

async function buildOne(app: string): Promise<void> {
  const started = performance.now();
  await build({ configFile: join(import.meta.dirname, app, 'vite.config.ts'), logLevel: 'warn' });
  precompress(join(DIST, app));
  process.stdout.write(`${app} built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

await Promise.all((asked.length > 0 ? asked : ALL).map(buildOne));
