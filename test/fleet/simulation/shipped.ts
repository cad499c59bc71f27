import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cachedStoreOn } from '../../../src/cache/cached-store.ts';
import { memoryStore } from '../../../src/index.ts';
import { Changes } from '../../../src/rules/changes.ts';
import { createRule } from '../../../src/rules/create.ts';
import { revokeRule } from '../../../src/rules/revoke.ts';
import { updateRule } from '../../../src/rules/update.ts';
import type { RemovedRule } from './removed-rules.ts';

/** The shipped code that a simulation runs. */
export interface Shipped {
  readonly memoryStore: typeof memoryStore;
  readonly cachedStoreOn: typeof cachedStoreOn;
  readonly Changes: typeof Changes;
  readonly createRule: typeof createRule;
  readonly revokeRule: typeof revokeRule;
  readonly updateRule: typeof updateRule;
}

export const shipped: Shipped = {
  ...{ memoryStore, cachedStoreOn, Changes },
  ...{ createRule, revokeRule, updateRule },
};

const sources = fileURLToPath(new URL('../../../src', import.meta.url));

/** The code with one rule of the protocol taken out, and how to remove it from the disk. */
export async function without({ rule, file, edits }: RemovedRule) {
  // Within the project, where its packages are found.
  const folder = fileURLToPath(new URL(`./.without-${rule}-${process.pid}`, import.meta.url));
  await cp(sources, `${folder}/src`, { recursive: true });
  const path = `${folder}/src/${file}`;
  let text = await readFile(path, 'utf8');
  for (const [from, to] of edits) {
    if (text.split(from).length !== 2) throw new Error(`${rule}: not once in ${file}: ${from}`);
    text = text.replace(from, () => to);
  }
  await writeFile(path, text);
  const load = (name: string) => import(pathToFileURL(`${folder}/src/${name}`).href);
  const modules = await Promise.all(
    ['index.ts', 'cache/cached-store.ts', 'rules/changes.ts', 'rules/create.ts'].map(load),
  );
  const more = await Promise.all(['rules/revoke.ts', 'rules/update.ts'].map(load));
  return {
    shipped: Object.assign({}, ...modules, ...more) as Shipped,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
