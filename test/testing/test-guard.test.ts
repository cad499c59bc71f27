import type { OpenGuard } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { nodeRoutes } from '../guards/node-routes.ts';
import { serve } from '../guards/server.ts';
import { failuresOf, guardWith } from './guard/broken.ts';
import { answeringMutants } from './guard/mutants-answering.ts';
import { decidingMutants } from './guard/mutants-deciding.ts';
import { readingMutants } from './guard/mutants-reading.ts';

const mutants = { ...readingMutants, ...answeringMutants, ...decidingMutants };

/** What Node makes of two lines: it keeps the first, and drops the other without a word. */
const countsNoLines: OpenGuard = (keys, routes) =>
  serve(async (req, res) => {
    const route = routes.find(({ path }) => path === req.url);
    const result = await keys.authenticate(req.headers.authorization, route?.options);
    if (result.ok) {
      res.end(route?.handle(result.principal));
    } else {
      const { status, headers, body } = result.refusal;
      res.writeHead(status, headers).end(body);
    }
  });

describe('testGuard', () => {
  it('is content with a guard that does as the library’s do', async () => {
    expect(await failuresOf(guardWith({}))).toEqual([]);
  });

  it.each(Object.entries(mutants))('notices a guard that %s', async (_name, mutant) => {
    const { mistake, caughtBy } = mutant;
    const topic = caughtBy.split(': ', 1)[0];
    expect(await failuresOf(guardWith(mistake), topic)).toContain(caughtBy);
  });

  it('notices a guard that counts no lines, over a socket', async () => {
    const failures = await failuresOf(countsNoLines, 'refuses with the same bytes');
    expect(failures).toEqual([
      'refuses with the same bytes: two lines, equal',
      'refuses with the same bytes: two lines, the first good',
      'refuses with the same bytes: two lines, the second good',
      'refuses with the same bytes: two lines, the second of another scheme',
      'refuses with the same bytes: two lines, the second empty',
      'refuses with the same bytes: two lines, the names in other cases',
      'refuses with the same bytes: three lines',
    ]);
  });

  it('notices a host that hangs up after each answer', async () => {
    const hangingUp: OpenGuard = (keys, routes) => {
      const listener = nodeRoutes(keys, routes);
      return serve((req, res) => {
        res.shouldKeepAlive = false;
        listener(req, res);
      });
    };
    expect(await failuresOf(hangingUp, 'methods')).toEqual([
      'methods: leaves the connection usable after refusals, with and without a body',
    ]);
  });

  it('has a mistake for each of its topics', async () => {
    const checks = await failuresOf(() => Promise.reject(new Error('no host')));
    const topics = new Set(checks.map((name) => name.split(': ', 1)[0]));
    const caught = Object.values(mutants).map(({ caughtBy }) => caughtBy);
    expect(topics.size).toBeGreaterThan(10);
    expect(new Set(caught.map((name) => name.split(': ', 1)[0]))).toEqual(topics);
    expect(checks).toEqual(expect.arrayContaining(caught));
  });
});
