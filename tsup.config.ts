import { defineConfig } from 'tsup';
import { entries } from './entries.config.ts';

export default defineConfig({
  entry: Object.fromEntries(entries.map(({ output, source }) => [output, source])),
  format: ['esm', 'cjs'],
  target: 'es2023',
  platform: 'neutral',
  // The default strips `node:` from imports, which runtimes other than Node require.
  removeNodeProtocol: false,
  // Without it every CommonJS entry would hold its own copy of the modules they share.
  splitting: true,
  dts: true,
  clean: true,
});
