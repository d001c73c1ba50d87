import { join } from 'node:path';
import { defineConfig } from 'vite';
import { DIST } from '../vite.shared.ts';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: join(DIST, 'widget'),
    emptyOutDir: true,
    reportCompressedSize: false,
    target: 'es2020',
    lib: {
      entry: join(import.meta.dirname, 'widget.ts'),
      formats: ['iife'],
      name: 'SolarisWidget',
      fileName: () => 'widget.js',
    },
  },
});
