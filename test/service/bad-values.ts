import { START } from '../support.ts';

/** The argument that an error must name, and a value that it cannot have. */
export type Bad = readonly [argument: string, value: unknown];

const lone = '\ud800';
const controls = ['a\0b', 'a\nb', 'a\tb', '\u007f', '\u0085', 'a\u001b[31m', lone];
const sparse = Object.assign(['read'], { 2: 'write' });
const deep = JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`);
const cycle: Record<string, unknown> = {};
cycle.itself = cycle;

/** Texts that are no text of 1 to `max` characters. */
export const badTexts = (max: number): unknown[] => [
  ...['', ' ', '\u2003', 'x'.repeat(max + 1), '😀'.repeat(max + 1), 'x'.repeat(1_000_000)],
  ...controls,
  ...[null, 5, true, {}, ['text'], Object('text'), Symbol('text'), () => 'text'],
];

const badTimes = [
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '1',
  null,
  new Date(Number.NaN),
  new Date(-1),
];
export const badActors: Bad[] = [
  ['actor', undefined],
  ['actor', null],
  ['actor', 'user_1'],
  ['actor', ['user_1']],
  ['actor', new Map([['id', 'user_1']])],
  ['actor', { id: 'user_1', note: 'x'.repeat(1024) }],
  [`actor${'.a'.repeat(16)}`, { id: 'user_1', ...deep }],
  [`actor${'.itself'.repeat(16)}`, { id: 'user_1', ...cycle }],
  ['actor.at', { id: 'user_1', at: new Date() }],
  ['actor.at', { id: 'user_1', at: undefined }],
  ['actor.id', {}],
  ['actor.id', Object.create(null)],
  ['actor.id', JSON.parse('{"__proto__":{"id":"user_1"}}')],
  ...['', ' ', 'x'.repeat(256), 'a\nb', '\u0085', null, 5, ['user_1']].map(
    (id): Bad => ['actor.id', { id }],
  ),
];

export const badScopes: Bad[] = [
  ['scopes', null],
  ['scopes', 'read'],
  ['scopes', { 0: 'read', length: 1 }],
  ['scopes', new Set(['read'])],
  ['scopes', Array.from({ length: 101 }, (__, index) => `s${index}`)],
  ['scopes[0]', ['']],
  ['scopes[1]', ['read', 'a b']],
  ['scopes[0]', ['a"b']],
  ['scopes[0]', ['a\\b']],
  ['scopes[0]', ['é']],
  ['scopes[0]', ['a\0']],
  ['scopes[0]', ['a\r\nX-Admin: 1']],
  ['scopes[0]', ['x'.repeat(101)]],
  ['scopes[0]', [5]],
  ['scopes[0]', [null]],
  ['scopes[0]', [['read']]],
  ['scopes[1]', sparse],
  ['scopes[0]', new Array(3)],
];

export const badMetadata: Bad[] = [
  ['metadata', null],
  ['metadata', []],
  ['metadata', 'text'],
  ['metadata', new Map()],
  ['metadata', { note: 'x'.repeat(4096) }],
  ['metadata', { note: '€'.repeat(1500) }],
  [`metadata${'.a'.repeat(16)}`, deep],
  [`metadata${'.itself'.repeat(16)}`, cycle],
  ['metadata.a', { a: undefined }],
  ['metadata.a', { a: 1n }],
  ['metadata.a[1]', { a: [0, Number.NaN] }],
  ['metadata.limits.at', { limits: { at: new Date(0) } }],
  ['metadata[…]', { 'b\0': 1 }],
  ['metadata.a', { a: 'b\0' }],
  ['metadata.a', { a: lone }],
];

export const badTimesNamed = (argument: string): Bad[] =>
  badTimes.map((value) => [argument, value]);
export const badTextsNamed = (argument: string, max: number): Bad[] =>
  badTexts(max).map((value) => [argument, value]);

/** An expiry may be `null`, for none. */
export const badExpiries: Bad[] = [
  ...badTimesNamed('expiresAt').filter(([, value]) => value !== null),
  ['expiresAt', Math.floor(START / 1000)], // seconds
  ['expiresAt', 0],
  ['expiresAt', 253_402_300_800_000], // the year 10000, which no HTTP date can say
  ['expiresAt', Number.MAX_SAFE_INTEGER],
];
