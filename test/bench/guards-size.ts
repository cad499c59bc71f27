import { entries } from '../../entries.config.ts';
import { atMost, type Figure } from './figure.ts';
import { CORE, sizeOf } from './size.ts';

export const figures: readonly Figure[] = entries
  .filter(({ output }) => output.startsWith('guards/'))
  .map(({ specifier, output }) => ({
    id: output.replace('guards/', 'size.guard.'),
    title: `what ${specifier} adds to the core, minified and gzipped`,
    unit: ' bytes',
    bar: atMost(1_500),
    measure: async () => ({
      value: (await sizeOf(`${CORE}export * as guard from '${specifier}';`)) - (await sizeOf(CORE)),
    }),
  }));
