import type { RefusalReason } from '../../verify.ts';
import { assertEqual } from '../assert.ts';
import { UNAUTHORIZED } from './answers.ts';
import { ask, assertRefused, assertSame, isRefusedByServer } from './assertions.ts';
import { type Check, onStage, type Topic } from './stage.ts';
import type { FieldLine } from './wire.ts';

/** The lines of a request with a valid token, and the expected reasons. */
interface Presentation {
  readonly lines: (token: string) => readonly FieldLine[];
  /** The reasons that the hook may receive: several if the server may have joined the lines. */
  readonly reasons: readonly RefusalReason[];
  /** RFC 9110 §5.3: the server, or the client of the check, may reject such lines itself. */
  readonly isRepeated?: true;
}

function value(reason: RefusalReason, text: (token: string) => string): Presentation {
  return { lines: (token) => [['Authorization', text(token)]], reasons: [reason] };
}

function lines(...texts: readonly ((token: string) => string)[]): Presentation {
  return {
    lines: (token) => texts.map((text) => ['Authorization', text(token)]),
    reasons: ['repeated', 'scheme'],
    isRepeated: true,
  };
}

const good = (token: string) => `Bearer ${token}`;
const bad = (token: string) => `Bearer ${token.slice(0, -1)}-`;

const REFUSED: Readonly<Record<string, Presentation>> = {
  'no line': { lines: () => [], reasons: ['absent'] },
  'an empty value': value('absent', () => ''),
  'the scheme alone': value('scheme', () => 'Bearer'),
  // In HTTP/2, a value that ends in a space is invalid (RFC 9113 §8.2.1).
  'the scheme and spaces': { ...value('scheme', () => 'Bearer   '), reasons: ['scheme', 'absent'] },
  'the token alone': value('scheme', (token) => token),
  'no space': value('scheme', (token) => `Bearer${token}`),
  'a tab for the space': value('scheme', (token) => `Bearer\t${token}`),
  'a no-break space for the space': value('scheme', (token) => `Bearer\u00a0${token}`),
  'a colon for the space': value('scheme', (token) => `Bearer:${token}`),
  'a comma for the space': value('scheme', (token) => `Bearer,${token}`),
  'the scheme Basic': value('scheme', (token) => `Basic ${token}`),
  'the scheme Token': value('scheme', (token) => `Token ${token}`),
  'a scheme that begins like Bearer': value('scheme', (token) => `Bearers ${token}`),
  'a scheme in quotes': value('scheme', (token) => `"Bearer" ${token}`),
  'a tab after the space': value('malformed', (token) => `Bearer \t${token}`),
  'a character too few': value('malformed', (token) => good(token).slice(0, -1)),
  'a character too many': value('malformed', (token) => `${good(token)}a`),
  'a character of another alphabet': value('malformed', bad),
  'a letter with an accent': value('malformed', (token) => `${good(token).slice(0, -1)}\u00e9`),
  'another brand': value('malformed', (token) => `Bearer ${token.replace('prn', 'pro')}`),
  'an unknown environment': value('malformed', (token) => good(token).replace('live', 'prod')),
  'the token in upper case': value('malformed', (token) => `Bearer ${token.toUpperCase()}`),
  'the token in quotes': value('malformed', (token) => `Bearer "${token}"`),
  'the token in angle brackets': value('malformed', (token) => `Bearer <${token}>`),
  'the token percent-encoded': value('malformed', (token) => good(token).replace('_', '%5F')),
  'the token padded': value('malformed', (token) => `${good(token)}=`),
  'a word after the token': value('malformed', (token) => `${good(token)} more`),
  'a semicolon after the token': value('malformed', (token) => `${good(token)};`),
  'a parameter for the token': value('malformed', (token) => `Bearer token=${token}`),
  'the scheme twice': value('malformed', (token) => `Bearer Bearer ${token}`),
  'four thousand characters': value('malformed', () => `Bearer ${'a'.repeat(4000)}`),
  'a comma after the token': value('repeated', (token) => `${good(token)},`),
  'a list of one value twice': value('repeated', (token) => `${good(token)}, ${good(token)}`),
  'two lines, equal': lines(good, good),
  'two lines, the first good': lines(good, bad),
  'two lines, the second good': lines(bad, good),
  'two lines, the second of another scheme': lines(good, () => 'Basic dXNlcjpwYXNzd29yZA=='),
  'two lines, the first of another scheme': lines(() => 'Basic dXNlcjpwYXNzd29yZA==', good),
  'two lines, the second empty': lines(good, () => ''),
  'two lines, the names in other cases': {
    lines: (token) => [
      ['Authorization', good(token)],
      ['X-Between', 'yes'],
      ['authorization', good(token)],
    ],
    reasons: ['repeated'],
    isRepeated: true,
  },
  'three lines': lines(good, good, good),
};

function refuses({ lines, reasons, isRepeated }: Presentation): Check {
  return onStage(async (stage) => {
    const request = { path: '/open', lines: lines(stage.caller.token) };
    if (isRepeated && isRefusedByServer(await ask(stage, request))) {
      assertEqual(stage.handled(), 0, 'how often the handler has run');
      return;
    }
    const response = await assertRefused(stage, request, UNAUTHORIZED, ...reasons);
    assertSame(response, await ask(stage, { path: '/open' }));
  });
}

/** Checks by what is presented. */
export const refused: Topic = Object.fromEntries(
  Object.entries(REFUSED).map(([claim, presentation]) => [claim, refuses(presentation)]),
);
