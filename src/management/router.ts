import type { LatePage, Page } from './pages.ts';
import { Refusal } from './refusal.ts';
import type { Route } from './route.ts';

/** What there is at a path. */
export interface Place {
  readonly page: Page | LatePage | undefined;
  /** By method. */
  readonly routes: ReadonlyMap<string, Route>;
  /** The `{id}` of the path, where it has one. */
  readonly id: string | undefined;
}

/** @throws Refusal `not_found` */
export type Locate = (pathname: string) => Place;

const PARAMETER = '{id}';

/** Finds what a path leads to: the path itself before one with an id in it. */
export function router(
  basePath: string,
  pages: readonly (Page | LatePage)[],
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
    if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) throw nothingHere();
    const path = pathname.slice(basePath.length) || '/';
    const place = fixed.get(path);
    if (place !== undefined) return place;
    for (const { start, end, place } of patterns) {
      if (!path.startsWith(start) || !path.endsWith(end)) continue;
      const id = path.slice(start.length, path.length - end.length);
      if (id !== '' && !id.includes('/')) return { ...place, id: decoded(id) };
    }
    throw nothingHere();
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw nothingHere();
  }
}

function nothingHere(): Refusal {
  return new Refusal('not_found', 'There is nothing here.');
}
