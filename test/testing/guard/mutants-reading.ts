import type { Mutant } from './broken.ts';

const header = (request: Request) => request.headers.get('authorization') ?? undefined;

/** Mistakes in where and how the token is read. */
export const readingMutants: Readonly<Record<string, Mutant>> = {
  'takes the first of two lines': {
    mistake: { lines: (request) => header(request)?.split(', ')[0] },
    caughtBy: 'refuses with the same bytes: two lines, the first good',
  },
  'takes the last of two lines': {
    mistake: { lines: (request) => header(request)?.split(', ').at(-1) },
    caughtBy: 'refuses with the same bytes: two lines, the second good',
  },
  'knows the scheme in one case only': {
    mistake: { lines: (request) => header(request)?.replace(/^bearer/, 'basic') },
    caughtBy: 'accepts: the scheme in lower case',
  },
  'knows one space only': {
    mistake: { lines: (request) => header(request)?.replace('  ', '\t') },
    caughtBy: 'accepts: two spaces',
  },
  'takes white space for a space': {
    mistake: { lines: (request) => header(request)?.replace(/\s/, ' ') },
    caughtBy: 'refuses with the same bytes: a tab for the space',
  },
  'decodes the token': {
    mistake: { lines: (request) => decodeURIComponent(header(request) ?? '') },
    caughtBy: 'refuses with the same bytes: the token percent-encoded',
  },
  'takes away what is not printable': {
    mistake: { lines: (request) => header(request)?.replace(/[^ -~]/g, '') },
    caughtBy: 'never accepts: DEL after the token',
  },
  'fails on a long header': {
    mistake: {
      first: (request) =>
        (header(request)?.length ?? 0) > 100_000 ? new Response(null, { status: 500 }) : undefined,
    },
    caughtBy: 'strips as HTTP does, or refuses: a megabyte of spaces before the token',
  },
  'takes a token without a scheme': {
    mistake: { lines: (request) => header(request)?.replace(/^prn/, 'Bearer prn') },
    caughtBy: 'refuses with the same bytes: the token alone',
  },
  'takes the first word after the scheme': {
    mistake: { lines: (request) => header(request)?.split(/ +/).slice(0, 2).join(' ') },
    caughtBy: 'refuses with the same bytes: a word after the token',
  },
  'reads the query': {
    mistake: {
      lines: (request) => {
        const token = new URL(request.url).searchParams.get('access_token');
        return token ? `Bearer ${token}` : header(request);
      },
    },
    caughtBy: 'the token: is not read from: the query',
  },
  'reads X-Api-Key': {
    mistake: {
      lines: (request) => header(request) ?? `Bearer ${request.headers.get('x-api-key')}`,
    },
    caughtBy: 'the token: is not read from: X-Api-Key',
  },
  'takes the first of several headers': {
    mistake: {
      lines: (request, { headers = ['authorization'] }) => {
        const [name = ''] = headers.filter((sent) => request.headers.has(sent));
        return { [name.toLowerCase()]: request.headers.get(name || 'authorization') ?? undefined };
      },
    },
    caughtBy: 'headers: refuses both headers, with one token',
  },
  'takes Bearer for a part of any header': {
    mistake: {
      lines: (request, { headers = ['authorization'] }) =>
        Object.fromEntries(
          headers.map((sent) => {
            const name = sent.toLowerCase();
            const line = request.headers.get(name) ?? undefined;
            return [name, name === 'authorization' ? line : line?.replace('Bearer ', '')];
          }),
        ),
    },
    caughtBy: 'headers: refuses Bearer in the other header',
  },
  'prefers a cookie': {
    mistake: {
      lines: (request) => {
        const token = /access_token=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
        return token ? `Bearer ${token}` : header(request);
      },
    },
    caughtBy: 'the token: is accepted next to another one in the query, a cookie or X-Api-Key',
  },
};
