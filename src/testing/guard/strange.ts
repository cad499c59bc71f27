import { assert, assertEqual } from '../assert.ts';
import { UNAUTHORIZED } from './answers.ts';
import { ask, assertAnswer, assertAnsweredBy, isRefusedByServer } from './assertions.ts';
import { type Check, onStage, type Stage, type Topic } from './stage.ts';
import type { FieldLine } from './wire.ts';

type Lines = (token: string) => readonly FieldLine[];

const value = (text: (token: string) => string): Lines => {
  return (token) => [['Authorization', text(token)]];
};

const BYTES_ABOVE_ASCII = String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i + 128));

/** Values that an HTTP server may reject itself, before any guard. */
const MALFORMED: Readonly<Record<string, Lines>> = {
  'NUL in the token': value((token) => `Bearer ${token.slice(0, -1)}\0`),
  'NUL after the token': value((token) => `Bearer ${token}\0`),
  'a line feed in the token': value((token) => `Bearer ${token.slice(0, 20)}\n${token.slice(20)}`),
  'DEL after the token': value((token) => `Bearer ${token}\x7f`),
  'every byte above ASCII': value(() => `Bearer ${BYTES_ABOVE_ASCII}`),
  'a fullwidth letter, in UTF-8': value((token) => `Bearer ${token.slice(0, -1)}\xef\xbd\x81`),
  'a space before the colon': (token) => [['Authorization ', `Bearer ${token}`]],
  'a megabyte': value(() => `Bearer ${'a'.repeat(1_048_576)}`),
};

/**
 * White space that HTTP removes around a value or in a folded line (RFC 9110 §5.5, RFC 9112 §5.2), and a
 * run of spaces, whose length only the server limits.
 */
const STRIPPED: Readonly<Record<string, Lines>> = {
  'a space after the token': value((token) => `Bearer ${token} `),
  'a tab after the token': value((token) => `Bearer ${token}\t`),
  'spaces before the scheme': value((token) => `   Bearer ${token}`),
  'a carriage return after the token': value((token) => `Bearer ${token}\r`),
  'a folded line': value((token) => `Bearer\r\n ${token}`),
  'a megabyte of spaces before the token': value(
    (token) => `Bearer${' '.repeat(1_048_576)}${token}`,
  ),
};

function neverAccepts(lines: Lines): Check {
  return onStage(async (stage) => {
    const request = { path: '/open', lines: lines(stage.caller.token) };
    const response = await ask(stage, request);
    if (!isRefusedByServer(response)) assertAnswer(response, request, UNAUTHORIZED);
    assertEqual(stage.handled(), 0, 'how often the handler has run');
    await assertStillServes(stage);
  });
}

function readsAsHttpDoes(lines: Lines): Check {
  return onStage(async (stage) => {
    const request = { path: '/open', lines: lines(stage.caller.token) };
    const response = await ask(stage, request);
    if (response.status === 200) {
      assertAnsweredBy(response, request, stage.caller.principal);
      assertEqual(stage.handled(), 1, 'how often the handler has run');
    } else {
      if (!isRefusedByServer(response)) assertAnswer(response, request, UNAUTHORIZED);
      assertEqual(stage.handled(), 0, 'how often the handler has run');
    }
    await assertStillServes(stage);
  });
}

async function assertStillServes(stage: Stage) {
  const lines: FieldLine[] = [['Authorization', `Bearer ${stage.caller.token}`]];
  const { status } = await ask(stage, { path: '/open', lines });
  assert(status === 200, 'the server still works');
}

/** Bytes that no client sends by accident. The server or the guard must refuse them. */
export const malformed: Topic = Object.fromEntries(
  Object.entries(MALFORMED).map(([claim, lines]) => [claim, neverAccepts(lines)]),
);

/** White space that HTTP removes. The server must remove it, or the request must be refused. */
export const stripped: Topic = Object.fromEntries(
  Object.entries(STRIPPED).map(([claim, lines]) => [claim, readsAsHttpDoes(lines)]),
);
