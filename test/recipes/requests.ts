import type { WireRequest } from 'keywright/testing';
import type { Callers } from './callers.ts';

export const bearer = (token: string) => ['Authorization', `Bearer ${token}`] as const;

/** Names of what is wrong with a request, each with one. */
export function refusedRequests(path: string, callers: Callers): Record<string, WireRequest> {
  const { holder, revoked, stranger, tester } = callers;
  return {
    'an unknown key': { path, lines: [bearer(stranger)] },
    'a revoked key': { path, lines: [bearer(revoked)] },
    'a key of another environment': { path, lines: [bearer(tester)] },
    'a malformed key': { path, lines: [bearer('prn_live_')] },
    'another scheme': { path, lines: [['Authorization', `Basic ${holder}`]] },
    'two keys in one line': {
      path,
      lines: [['Authorization', `Bearer ${holder}, Bearer ${holder}`]],
    },
    'a key in the query': { path: `${path}?access_token=${holder}&api_key=${holder}` },
    'a key in other headers': {
      path,
      lines: [
        ['X-Api-Key', holder],
        ['Cookie', `authorization=${holder}`],
        ['Proxy-Authorization', `Bearer ${holder}`],
      ],
    },
  };
}

/** Spellings of a path that a router and a test of the path may read differently. */
export function spellings(path: string): string[] {
  const [, first = '', rest = ''] = /^\/([^/]+)(.*)$/.exec(path) ?? [];
  const hex = (text: string) => `%${text.charCodeAt(0).toString(16)}`;
  return [
    `/${path}`,
    `/.${path}`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    `/%2F${first}${rest}`,
    `/${hex(first)}${first.slice(1)}${rest}`,
    `/%25${hex(first).slice(1)}${first.slice(1)}${rest}`,
    `/${first.toUpperCase()}${rest}`,
    `/${first}/${rest}`,
    `/${first}${rest.replace('/', '%2F')}`,
    `/${first}${rest.replace('/', '%2f')}`,
    `/${first}${rest.replace('/', '%5C')}`,
    `/${first}${rest.replace('/', '\\')}`,
    `/${first}/.${rest}`,
    `/${first};x=1${rest}`,
    `${path}/`,
    `${path}//`,
    `${path}%2F`,
    `${path}?`,
    `${path}%00`,
    `${path}%20`,
    `http://127.0.0.1${path}`,
    `http://127.0.0.1/${path}`,
  ];
}
