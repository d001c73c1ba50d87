/** What the builds of the portal and of the administration share. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin, UserConfig } from 'vite';

const ROOT = import.meta.dirname;

/** Where the builds go; the services read the same variable. */
export const DIST = resolve(ROOT, '..', process.env.SOLARIS_PAGES_DIR || 'web/dist');

/** The Python services put a fresh nonce in the place of this text, each time they send a page. */
const NONCE_PLACE = '__SOLARIS_STYLE_NONCE__';

const TEXT_FILES = /\.(js|css|html|svg|json|map|txt)$/;
const LEAST_BYTES = 1024;

/** Writes a `.gz` and a `.br` beside every text file, so that the services never compress while they serve. */
export function precompress(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXT_FILES.test(entry.name) || entry.name === 'index.html') continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    if (bytes.length < LEAST_BYTES) continue;
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      }),
    );
  }
}

/** Leaves `paths.json` beside the pages: which addresses the service answers with the application. */
function listPaths(paths: Record<string, string>): Plugin {
  return {
    name: 'solaris-paths',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'paths.json', source: JSON.stringify(Object.values(paths)) });
    },
  };
}

/** The configuration of one application; `service` is where its API runs while developing. */
export function appConfig(
  app: 'portal' | 'admin',
  paths: Record<string, string>,
  service: string,
): UserConfig {
  const proxied = {
    '^/(api|admin|v1|docs)/|^/docs$|^/openapi.json$': { target: service, changeOrigin: false },
  };
  return {
    root: join(ROOT, app),
    base: '/',
    publicDir: join(ROOT, 'shared/public'),
    plugins: [react(), listPaths(paths)],
    resolve: { alias: { '@shared': resolve(ROOT, 'shared') } },
    html: { cspNonce: NONCE_PLACE },
    build: {
      outDir: join(DIST, app),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000, // kB before compression; `tests/unit/test_web_build.py` bounds what a first visit loads
      target: 'es2022',
    },
    server: { proxy: proxied, strictPort: false },
  };
}
