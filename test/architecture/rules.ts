import type { Place } from './floors.ts';
import { CLOCKS, DOOR_STORE, MAX_LINES, nodeImports, places } from './floors.ts';
import type { Import } from './imports.ts';
import { importsOf, packageOf, parse, readsDate, resolve, uses } from './imports.ts';

/** Source files by their path from the project's root. */
export type Tree = ReadonlyMap<string, string>;

/** Reads a tree and says, one line each, what breaks the rule. */
type Rule = (tree: Tree) => string[];

const DOOR = 'src/index.ts';

/** Every source belongs to exactly one place. */
const housed: Rule = (tree) =>
  sources(tree).flatMap((path) => {
    const homes = places.filter((place) => isAt(place, path));
    return homes.length === 1 ? [] : [`${path} belongs to ${homes.length} places`];
  });

/** Imports lead to a file, by its `.ts` name, in a place that may be imported from there. */
const floors: Rule = (tree) =>
  sources(tree).flatMap((path) => {
    const home = placeOf(path);
    return relativeImports(tree, path).flatMap(({ specifier, typeOnly }) => {
      const target = resolve(path, specifier);
      if (!tree.has(target)) return [`${path} imports ${specifier}, which is no source file`];
      if (target === DOOR) return [`${path} imports the door`];
      const place = placeOf(target);
      if (!home || !place || mayImport(home, place, typeOnly)) return [];
      return [`${path} (${home.name}) imports ${target} (${place.name})`];
    });
  });

/** The door hands out no adapter, and nothing by a wildcard; neither does any other module. */
const exportsByName: Rule = (tree) => {
  const wildcards = sources(tree).flatMap((path) =>
    allImports(tree, path)
      .filter(({ wildcard }) => wildcard)
      .map(({ specifier }) => `${path} exports * from ${specifier}`),
  );
  const adapters = relativeImports(tree, DOOR)
    .map(({ specifier }) => resolve(DOOR, specifier))
    .filter((target) => target.startsWith('src/stores/') && target !== DOOR_STORE)
    .map((target) => `${DOOR} hands out ${target}`);
  return [...wildcards, ...adapters];
};

/** No import leads back to where it came from, types included. */
const circles: Rule = (tree) => {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const from = trail.indexOf(path);
    if (from >= 0) found.push([...trail.slice(from), path].join(' -> '));
    if (from >= 0 || done.has(path)) return;
    for (const { specifier } of relativeImports(tree, path)) {
      visit(resolve(path, specifier), [...trail, path]);
    }
    done.add(path);
  };
  for (const path of sources(tree)) visit(path, []);
  return found;
};

/** A place imports by value the packages it names, and modules of Node where they are listed. */
const packages: Rule = (tree) =>
  sources(tree).flatMap((path) =>
    allImports(tree, path)
      .filter(({ specifier, typeOnly }) => !typeOnly && !specifier.startsWith('.'))
      .filter(({ specifier }) => {
        const listed = specifier.startsWith('node:')
          ? nodeImports[path]?.includes(specifier)
          : placeOf(path)?.packages?.includes(packageOf(specifier));
        return !listed;
      })
      .map(({ specifier }) => `${path} imports ${specifier} by value`),
  );

/** One file reads the clock where it runs, and none draws from `Math.random`. */
const clockAndChance: Rule = (tree) =>
  sources(tree).flatMap((path) => {
    const source = parse(path, tree.get(path) ?? '');
    const clock =
      !CLOCKS.includes(path) &&
      (readsDate(source) || uses(source, 'Date', 'now') || uses(source, 'performance', 'now'));
    return [
      ...(clock ? [`${path} reads the clock itself`] : []),
      ...(uses(source, 'Math', 'random') ? [`${path} uses Math.random`] : []),
    ];
  });

/** No file is long, and a guard is shorter still. */
const lengths: Rule = (tree) =>
  [...tree].flatMap(([path, text]) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    const most = placeOf(path)?.maxLines ?? MAX_LINES;
    return lines > most ? [`${path} has ${lines} lines, more than ${most}`] : [];
  });

/** Every rule, by the name that a failing test shows. */
export const rules = {
  housed,
  floors,
  exportsByName,
  circles,
  packages,
  clockAndChance,
  lengths,
} satisfies Record<string, Rule>;

function sources(tree: Tree): string[] {
  return [...tree.keys()].filter((path) => path.startsWith('src/'));
}

function allImports(tree: Tree, path: string): Import[] {
  return importsOf(parse(path, tree.get(path) ?? ''));
}

function relativeImports(tree: Tree, path: string): Import[] {
  return allImports(tree, path).filter(({ specifier }) => specifier.startsWith('.'));
}

function placeOf(path: string): Place | undefined {
  return places.find((place) => isAt(place, path));
}

function isAt({ at, without = [] }: Place, path: string): boolean {
  if (without.some((folder) => path.startsWith(folder))) return false;
  return at.some((where) => (where.endsWith('/') ? path.startsWith(where) : path === where));
}

function mayImport(home: Place, target: Place, typeOnly: boolean): boolean {
  if (home === target || home.imports.includes(target.name)) return true;
  return typeOnly && (home.types?.includes(target.name) ?? false);
}
