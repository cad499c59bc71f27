import { writeFile } from 'node:fs/promises';
import { tokenFormat } from 'keywright';
import { addCommand, type Register } from '../command.ts';
import { CONFIG_NAME, findConfig } from '../config.ts';
import { usageError } from '../errors.ts';
import { note, printJson } from '../output.ts';
import { wordList } from '../values.ts';

interface InitOptions {
  readonly brand: string;
  readonly environments: string[];
  readonly database: string;
  readonly force?: boolean;
}

const FILE = `${CONFIG_NAME}.mjs`;

export const init: Register = (program) => {
  addCommand<InitOptions>(program, {
    name: 'init',
    summary: `Write ${FILE} into this folder.`,
    async action({ options: { brand, environments, database, force = false, json } }) {
      const there = findConfig();
      if (there !== undefined && !(force && there.endsWith(FILE))) {
        throw usageError(`${there} already exists; --force overwrites ${FILE}`);
      }
      if (URL.canParse(database) && new URL(database).password !== '') {
        throw usageError('The address holds a password: leave --database out and set DATABASE_URL');
      }
      tokenFormat({ brand, environments });
      await writeFile(FILE, contents({ brand, environments, database }));
      if (json) printJson({ file: FILE });
      else note(`${FILE} is written. Next: keywright migrate`);
    },
  })
    .requiredOption(
      '--brand <text>',
      'what every key begins with, such as the initials of your service',
    )
    .option('--environments <list>', 'separated by commas', wordList, ['live'])
    .option('--database <address>', 'used if DATABASE_URL is not set', 'sqlite:keywright.db')
    .option('--force', `overwrite ${FILE}`);
};

function contents({ brand, environments, database }: InitOptions): string {
  const list = environments.map(quoted).join(', ');
  return `// The configuration of the keywright command: the same format and database as your service.
export default {
  format: { brand: ${quoted(brand)}, environments: [${list}] },
  database: process.env.DATABASE_URL ?? ${quoted(database)},
};
`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}
