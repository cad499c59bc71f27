import { addCommand, type Register } from '../command.ts';
import { readConfig } from '../config.ts';
import { note, printJson } from '../output.ts';
import { openConfigured } from '../session.ts';

export const migrate: Register = (program) => {
  addCommand(program, {
    name: 'migrate',
    summary: 'Create the tables, or bring them up to date.',
    async action({ options }) {
      const config = await readConfig(options.config);
      const { store, place, close } = await openConfigured(config, true);
      try {
        const migrated = store.migrate !== undefined;
        await store.migrate?.();
        if (options.json) printJson({ place, migrated });
        else note(migrated ? `The tables in ${place} are up to date` : `${place} has no tables`);
      } finally {
        await close();
      }
    },
  });
};
