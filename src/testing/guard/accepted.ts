import { assertAdmitted } from './assertions.ts';
import { onStage, type Stage, type Topic } from './stage.ts';
import type { FieldLine } from './wire.ts';

type Presentation = (token: string) => readonly FieldLine[];

const value = (text: (token: string) => string): Presentation => {
  return (token) => [['Authorization', text(token)]];
};
const name = (text: string): Presentation => {
  return (token) => [[text, `Bearer ${token}`]];
};

/** RFC 9110 §5.1 and §11.1: field names and schemes are case-insensitive; §11.4: one or more spaces. */
const ACCEPTED: Readonly<Record<string, Presentation>> = {
  'Bearer and the token': value((token) => `Bearer ${token}`),
  'the scheme in lower case': value((token) => `bearer ${token}`),
  'the scheme in upper case': value((token) => `BEARER ${token}`),
  'the scheme in mixed case': value((token) => `bEaReR ${token}`),
  'two spaces': value((token) => `Bearer  ${token}`),
  'a hundred spaces': value((token) => `Bearer${' '.repeat(100)}${token}`),
  'the field name in lower case': name('authorization'),
  'the field name in upper case': name('AUTHORIZATION'),
  'the field name in mixed case': name('aUtHoRiZaTiOn'),
  'other lines around it': (token) => [
    ['X-Api-Key', 'nothing'],
    ['X-Asks-For', 'authorization'],
    ['Authorization', `Bearer ${token}`],
    ['Proxy-Authorization', 'Basic dXNlcjpwYXNzd29yZA=='],
  ],
};

function accepts(presentation: Presentation) {
  return onStage(async (stage: Stage) => {
    const lines = presentation(stage.caller.token);
    await assertAdmitted(stage, { path: '/open', lines });
  });
}

/** Checks by the way in which a token is presented. */
export const accepted: Topic = Object.fromEntries(
  Object.entries(ACCEPTED).map(([claim, presentation]) => [claim, accepts(presentation)]),
);
