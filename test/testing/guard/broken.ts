import type { HttpRefusal, PresentedLines, Principal } from 'keywright';
import { requireScopes } from 'keywright/fetch';
import { type GuardedRoute, type OpenGuard, testGuard } from 'keywright/testing';

type Keys = Parameters<OpenGuard>[0];
type Options = GuardedRoute['options'];

/** The parts of a guard as somebody writes it by hand; a mistake replaces one of them. */
export interface GuardParts {
  /** What is given to `authenticate`. */
  readonly lines: (request: Request, options: Options) => PresentedLines;
  readonly authenticate: (
    keys: Keys,
    lines: PresentedLines,
    options: Options,
  ) => ReturnType<Keys['authenticate']>;
  readonly refuse: (request: Request, refusal: HttpRefusal, reason: string) => Response;
  readonly admit: (principal: Principal, handler: GuardHandler, request: Request) => Response;
  /** Runs before all else; what it answers is the answer. */
  readonly first: (request: Request, handler: GuardHandler) => Response | undefined;
  readonly scopes: (scopes: readonly string[], handler: GuardHandler) => GuardHandler;
}

type GuardHandler = (request: Request, principal: Principal) => Response;

/** A mistake, and a check that must notice it: its topic and its claim. */
export interface Mutant {
  readonly mistake: Partial<GuardParts>;
  readonly caughtBy: string;
}

const sound: GuardParts = {
  lines: (request, { headers }) => {
    const lineOf = (name: string) => request.headers.get(name) ?? undefined;
    if (headers === undefined) return lineOf('authorization');
    return Object.fromEntries(headers.map((name) => [name.toLowerCase(), lineOf(name)]));
  },
  authenticate: (keys, lines, options) => keys.authenticate(lines, options),
  refuse: ({ method }, { status, headers, body }) =>
    new Response(method === 'HEAD' ? null : body, { status, headers }),
  admit: (principal, handler, request) => handler(request, principal),
  first: () => undefined,
  scopes: (scopes, handler) => {
    const scoped = requireScopes(...scopes)(handler);
    return (request, principal) => scoped(request, principal) as Response;
  },
};

/** Serves routes with a guard that makes the given mistake. */
export function guardWith(mistake: Partial<GuardParts>): OpenGuard {
  const parts = { ...sound, ...mistake };
  return (keys, routes) => {
    const byPath = new Map(routes.map((route) => [route.path, handlerOf(parts, keys, route)]));
    return {
      fetch: async (request) =>
        byPath.get(new URL(request.url).pathname)?.(request) ?? new Response(null, { status: 404 }),
    };
  };
}

function handlerOf(parts: GuardParts, keys: Keys, route: GuardedRoute) {
  const { options, requireScopes: required, handle } = route;
  const answer: GuardHandler = (_request, principal) =>
    new Response(handle(principal), { headers: { 'Content-Type': 'application/json' } });
  const handler = required ? parts.scopes(required, answer) : answer;
  return async (request: Request): Promise<Response> => {
    const early = parts.first(request, handler);
    if (early) return early;
    const result = await parts.authenticate(keys, parts.lines(request, options), options);
    return result.ok
      ? parts.admit(result.principal, handler, request)
      : parts.refuse(request, result.refusal, result.reason);
  };
}

/** The checks of the suite that a guard fails, each by its topic and its claim. */
export async function failuresOf(open: OpenGuard, topic = ''): Promise<string[]> {
  const checks: { readonly name: string; readonly check: () => Promise<void> }[] = [];
  let within = '';
  testGuard(open, {
    describe: (name, body) => {
      within = name;
      body();
    },
    it: (claim, check) => {
      const name = `${within}: ${claim}`;
      if (checks.some((other) => other.name === name)) throw new Error(`two checks are ${name}`);
      checks.push({ name, check });
    },
  });
  const failures: string[] = [];
  for (const { name, check } of checks.filter(({ name }) => name.startsWith(topic))) {
    try {
      await check();
    } catch {
      failures.push(name);
    }
  }
  return failures;
}
