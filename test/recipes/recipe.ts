import type { WireRequest } from 'keywright/testing';

/** A file of an app that is a section of the page, with what the page leaves to the reader above. */
export interface PlacedSection {
  /** The path by which the page names it. */
  readonly section: string;
  /** Where it stands in the app; default where the page says. */
  readonly path?: string;
  /** Imports of the framework's own names, for which the page has stand-ins, and of the keys. */
  readonly above: readonly string[];
  /** What the older name of a file has it export: `['proxy', 'middleware']`. */
  readonly renamed?: readonly [from: string, to: string];
}

/** A GET that a good key is let in to. */
export interface Target {
  /** What stands before it. */
  readonly guardedBy: string;
  readonly path: string;
  /** The body of the answer to the owner `org_acme`. */
  readonly body: string;
  /** Methods that the framework answers by itself, with or without a key; default none. */
  readonly unguardedMethods?: readonly string[];
}

/** One recipe of the guide in its framework. */
export interface Recipe {
  /** With its version, as it is printed. */
  readonly name: string;
  /** The page, and the folder under `apps/` with what the page does not show. */
  readonly page: string;
  /** Tells a second app of a page from the first: `edge`. */
  readonly variant?: string;
  readonly sections: readonly PlacedSection[];
  /** The module under `apps/` that has the keys; default `keys.ts`, which opens the database. */
  readonly keys?: string;
  /** Commands in the app's folder, each a file of a package and its arguments. */
  readonly build: readonly (readonly string[])[];
  /** The framework's own server, which reads PORT and HOST. */
  readonly start: readonly string[];
  readonly targets: readonly Target[];
  /** What `requireScopes('orders:write')` stands before, and the status behind it. */
  readonly scoped: WireRequest & { readonly status: number };
  /** What the framework answers by itself, before the guard, whoever asks. */
  readonly before: readonly (WireRequest & { readonly status: number })[];
  /** Ways past a guard that are this framework's alone: none may come to a handler. */
  readonly tricks: readonly WireRequest[];
  /** How the framework frames a refusal: whether it keeps its length, or sends chunks. */
  readonly framing: 'content-length' | 'chunked';
  /** What the framework's own server makes of two Authorization lines: the first, or a refusal. */
  readonly twoLines: 'merged' | 'refused';
}
