import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlacedSection, Recipe } from './recipe.ts';
import { importsFor, type Sections, sectionsOf } from './sections.ts';

const FOLDER = import.meta.dirname;

/** Environment of everything that an app runs: what it is served with is there at its build too. */
export type Environment = Readonly<Record<string, string>>;

/** By which an app is asked for on the command line: `next`, `next-edge`. */
export function nameOf({ page, variant }: Recipe): string {
  return variant === undefined ? page : `${page}-${variant}`;
}

/** Makes the app of a recipe, of its page and of what lies under `apps/`, and gives its folder. */
export async function makeApp(recipe: Recipe): Promise<string> {
  const folder = join(FOLDER, '.apps', nameOf(recipe));
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(FOLDER, 'apps', recipe.page), folder, { recursive: true });
  cpSync(join(FOLDER, 'apps', recipe.keys ?? 'keys.ts'), join(folder, 'keys.ts'));
  cpSync(join(FOLDER, 'apps', 'joined.ts'), join(folder, 'joined.ts'));
  const shown = await sectionsOf(recipe.page);
  for (const section of recipe.sections) {
    const path = join(folder, section.path ?? section.section);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, codeOf(section, shown));
  }
  const used = new Set(recipe.sections.map(({ section }) => section));
  const unused = [...shown.files.keys()].filter((path) => !used.has(path));
  if (recipe.variant === undefined && unused.length > 0) {
    throw new Error(`the app leaves out what its page shows: ${unused.join(', ')}`);
  }
  return folder;
}

function codeOf({ section, above, renamed }: PlacedSection, { imports, files }: Sections): string {
  const code = files.get(section);
  if (code === undefined) throw new Error(`the page does not show ${section}`);
  const named = renamed
    ? code.replace(`export const ${renamed[0]} `, `export const ${renamed[1]} `)
    : code;
  return [...importsFor(code, imports), ...above, '', named, ''].join('\n');
}

/** Type-checks and builds the app for production; throws with all that was printed if it fails. */
export function buildApp({ build }: Recipe, folder: string, environment: Environment): void {
  for (const [file = '', ...args] of build) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [packaged(file), ...args], {
      cwd: folder,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
      timeout: 4 * 60_000,
      maxBuffer: 16 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(`${[file, ...args].join(' ')} failed:\n${stdout}${stderr}`);
  }
}

/** A file of an installed package, or of the app itself. */
export function packaged(file: string): string {
  return file.startsWith('./') ? file : join(FOLDER, 'node_modules', file);
}
