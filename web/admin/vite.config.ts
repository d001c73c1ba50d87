import { defineConfig } from 'vite';
import { appConfig } from '../vite.shared.ts';
import { paths } from './paths.ts';

export default defineConfig(
  appConfig('admin', paths, process.env.SOLARIS_ADMIN_URL ?? 'http://localhost:3002'),
);
