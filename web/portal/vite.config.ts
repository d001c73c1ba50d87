import { defineConfig } from 'vite';
import { appConfig } from '../vite.shared.ts';
import { paths } from './paths.ts';

export default defineConfig(
  appConfig('portal', paths, process.env.SOLARIS_PROXY_URL ?? 'http://localhost:3001'),
);
