import type { DynamicPage, Page } from './pages.ts';
import { Refusal } from './refusal.ts';
import { isPathBelow } from './request-address.ts';
import type { Route } from './route.ts';

/** The page or the routes at a path. */
export interface Place {
  readonly page: Page | DynamicPage | undefined;
  /** By method. */
  readonly routes: ReadonlyMap<string, Route>;
  /** The `{id}` of the path, if it has one. */
  readonly id: string | undefined;
}

/** @throws Refusal `not_found` */
export type Locate = (pathname: string) => Place;

const PARAMETER = '{id}';

/** Returns a function that finds the page or the routes at a path. A fixed path wins over one with an id. */
export function router(
  basePath: string,
  pages: readonly (Page | DynamicPage)[],
  routes: readonly Route[],
): Locate {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  const fixed = new Map<string, Place>();
  const patterns: { readonly start: string; readonly end: string; readonly place: Place }[] = [];
  for (const page of pages) fixed.set(page.path, { page, routes: new Map(), id: undefined });
  for (const [path, here] of byPath) {
    const place: Place = {
      page: undefined,
      routes: new Map(here.map((route) => [route.method, route])),
      id: undefined,
    };
    const [start = '', end] = path.split(PARAMETER);
    if (end === undefined) fixed.set(path, place);
    else patterns.push({ start, end, place });
  }

  return (pathname) => {
    if (!isPathBelow(pathname, basePath)) throw pathNotFound();
    const path = pathname.slice(basePath.length) || '/';
    const place = fixed.get(path);
    if (place !== undefined) return place;
    for (const { start, end, place } of patterns) {
      if (!path.startsWith(start) || !path.endsWith(end)) continue;
      const id = path.slice(start.length, path.length - end.length);
      if (id !== '' && !id.includes('/')) return { ...place, id: decoded(id) };
    }
    throw pathNotFound();
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw pathNotFound();
  }
}

export function pathNotFound(): Refusal {
  return new Refusal('not_found', 'There is nothing here.');
}
