import { snippetsOf } from '../docs/snippets.ts';

/** A recipe of the guide, taken apart into the files that it shows. */
export interface Sections {
  /** The page's imports from the library, of which each file has those that it uses. */
  readonly imports: readonly Import[];
  /** The code of each file, verbatim, by the path that the comment above it says. */
  readonly files: ReadonlyMap<string, string>;
}

interface Import {
  /** `import` or `import type`. */
  readonly keyword: string;
  readonly names: readonly string[];
  readonly from: string;
}

/** A comment that begins a line begins a part of the recipe, and may name the file that it is. */
const PART = /^\/\/ (.*)$/gm;

/** The files that the first block of a page under docs/guide/frameworks/ shows. */
export async function sectionsOf(page: string): Promise<Sections> {
  const [recipe] = await snippetsOf(`docs/guide/frameworks/${page}.md`);
  if (recipe === undefined) throw new Error(`the page ${page} shows no code`);
  const [head = '', ...parts] = recipe.code.split(PART);
  const files = new Map<string, string>();
  for (let i = 0; i < parts.length; i += 2) {
    const [, path] = /^([\w./[\]+-]+\.ts)(?:,|$)/.exec(parts[i] ?? '') ?? [];
    if (path !== undefined) files.set(path, (parts[i + 1] ?? '').trim());
  }
  const imported = head.matchAll(/^(import(?: type)?) \{ (.*) \} from '(keywright(?:\/\w+)?)';$/gm);
  const imports = [...imported].map(([, keyword = '', names = '', from = '']) => {
    return { keyword, names: names.split(', '), from };
  });
  return { imports, files };
}

/** The lines of import that this code needs of those on its page. */
export function importsFor(code: string, imports: Sections['imports']): string[] {
  return imports.flatMap(({ keyword, names, from }) => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return used.length === 0 ? [] : [`${keyword} { ${used.join(', ')} } from '${from}';`];
  });
}
