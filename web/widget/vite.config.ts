import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: join(import.meta.dirname, '../dist/widget'),
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
