import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, defineConfig, type InlineConfig, type Plugin } from 'vite';
import { DIST } from '../vite.shared.ts';

const HERE = import.meta.dirname;

/** One plain script, as a page of any age of build tools can include it. */
function script(entry: string, fileName: string): InlineConfig {
  return {
    root: HERE,
    publicDir: false,
    build: {
      outDir: join(DIST, 'widget'),
      reportCompressedSize: false,
      target: 'es2020',
      lib: {
        entry: join(HERE, entry),
        formats: ['iife'],
        name: 'unused',
        fileName: () => fileName,
        cssFileName: 'connect',
      },
    },
  };
}

/** The connect page lies beside the widget: a second script, its styles, and the page itself. */
const connectPage: Plugin = {
  name: 'solaris-connect-page',
  generateBundle() {
    const source = readFileSync(join(HERE, 'connect/connect.html'), 'utf-8');
    this.emitFile({ type: 'asset', fileName: 'connect.html', source });
  },
  async closeBundle() {
    const config = script('connect/connect.ts', 'connect.js');
    await build({
      ...config,
      configFile: false,
      logLevel: 'warn',
      build: { ...config.build, emptyOutDir: false },
    });
  },
};

const widget = script('widget.ts', 'widget.js');

export default defineConfig({
  ...widget,
  plugins: [connectPage],
  build: { ...widget.build, emptyOutDir: true },
});
