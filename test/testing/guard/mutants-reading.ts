import type { Mutant } from './broken.ts';

const header = (request: Request) => request.headers.get('authorization') ?? undefined;

/** Mistakes in where and how the token is read. */
export const readingMutants: Readonly<Record<string, Mutant>> = {
  'takes the first of two lines': {
    mistake: { lines: (request) => header(request)?.split(', ')[0] },
    caughtBy: 'refuses with the one refusal: two lines, the first good',
  },
  'takes the last of two lines': {
    mistake: { lines: (request) => header(request)?.split(', ').at(-1) },
    caughtBy: 'refuses with the one refusal: two lines, the second good',
  },
  'knows the scheme in one case only': {
    mistake: { lines: (request) => header(request)?.replace(/^bearer/, 'basic') },
    caughtBy: 'lets in: the scheme in lower case',
  },
  'knows one space only': {
    mistake: { lines: (request) => header(request)?.replace('  ', '\t') },
    caughtBy: 'lets in: two spaces',
  },
  'takes white space for a space': {
    mistake: { lines: (request) => header(request)?.replace(/\s/, ' ') },
    caughtBy: 'refuses with the one refusal: a tab for the space',
  },
  'decodes the token': {
    mistake: { lines: (request) => decodeURIComponent(header(request) ?? '') },
    caughtBy: 'refuses with the one refusal: the token percent-encoded',
  },
  'takes away what is not printable': {
    mistake: { lines: (request) => header(request)?.replace(/[^ -~]/g, '') },
    caughtBy: 'is not misled by: DEL after the token',
  },
  'fails on a long header': {
    mistake: {
      first: (request) =>
        (header(request)?.length ?? 0) > 100_000 ? new Response(null, { status: 500 }) : undefined,
    },
    caughtBy: 'reads as HTTP does, or refuses: a megabyte of spaces before the token',
  },
  'takes a token without a scheme': {
    mistake: { lines: (request) => header(request)?.replace(/^prn/, 'Bearer prn') },
    caughtBy: 'refuses with the one refusal: the token alone',
  },
  'takes the first word after the scheme': {
    mistake: { lines: (request) => header(request)?.split(/ +/).slice(0, 2).join(' ') },
    caughtBy: 'refuses with the one refusal: a word after the token',
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
  'prefers a cookie': {
    mistake: {
      lines: (request) => {
        const token = /access_token=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
        return token ? `Bearer ${token}` : header(request);
      },
    },
    caughtBy: 'the token: is not spoiled by another in the query, a cookie or X-Api-Key',
  },
};
