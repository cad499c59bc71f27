import type { KeywrightEvent } from '../../service/hooks.ts';
import type { RefusalReason } from '../../verify.ts';
import { assert, assertEqual } from '../assert.ts';
import type { ExpectedAnswer } from './answers.ts';
import type { Caller, Stage } from './stage.ts';
import { valuesOf, type WireRequest, type WireResponse } from './wire.ts';

/** Headers that depend on the connection or the time, not on the response. */
const HOP_BY_HOP = ['connection', 'date', 'keep-alive'];

export async function ask({ exchange }: Stage, request: WireRequest): Promise<WireResponse> {
  const [response] = await exchange([request]);
  assert(response !== undefined, 'an exchange returns a response for every request');
  return response;
}

/** The statuses of a server that rejects a header itself; 0 is a connection that it closed. */
const REFUSED_BY_SERVER = [0, 400, 413, 431];

/** Whether the server, or the client of the check, has rejected a request before the guard. */
export function isRefusedByServer({ status }: WireResponse): boolean {
  return REFUSED_BY_SERVER.includes(status);
}

/** Fails unless the handler runs, once, with the caller's principal. */
export async function assertAdmitted(
  stage: Stage,
  request: WireRequest,
  { principal }: Caller = stage.caller,
): Promise<void> {
  const before = stage.handled();
  const response = await ask(stage, request);
  assertAnsweredBy(response, request, principal);
  assertEqual(stage.handled(), before + 1, 'the handler runs once');
}

/** Fails unless the response is the handler's for this principal. */
export function assertAnsweredBy(
  { status, body }: WireResponse,
  { method }: WireRequest,
  principal: unknown,
): void {
  assertEqual(status, 200, 'a valid key is accepted');
  if (method !== 'HEAD') {
    assertEqual(JSON.parse(body), principal, 'the handler receives the principal');
  }
}

/**
 * Fails unless the response is the expected one, byte for byte, the handler does not run, and the
 * service's hook is called once, with one of the reasons.
 */
export async function assertRefused(
  stage: Stage,
  request: WireRequest,
  expected: ExpectedAnswer,
  ...reasons: readonly RefusalReason[]
): Promise<WireResponse> {
  const handled = stage.handled();
  const eventCount = stage.events.length;
  const response = await ask(stage, request);
  assertEqual(stage.handled(), handled, 'how often the handler has run');
  assertAnswer(response, request, expected);
  const refusals = stage.events.slice(eventCount).filter(isRefusal);
  assertEqual(refusals.length, 1, 'how often the hook is called');
  const reason = refusals[0]?.reason;
  assert(
    reason !== undefined && reasons.includes(reason),
    `the hook receives the reason ${reasons.join(' or ')}, not ${reason}`,
  );
  return response;
}

export function assertAnswer(
  response: WireResponse,
  { method }: WireRequest,
  { status, headers, body }: ExpectedAnswer,
): void {
  assertEqual(response.status, status, 'the status');
  for (const [name, value] of Object.entries(headers)) {
    const values = value === undefined ? [] : [value];
    assertEqual(valuesOf(response, name), values, `the header ${name}`);
  }
  assertEqual(response.body, method === 'HEAD' ? '' : body, 'the body');
}

/** Fails unless two refusals are the same, except for the time at which they were sent. */
export function assertSame(response: WireResponse, other: WireResponse): void {
  assertEqual(shapeOf(response), shapeOf(other), 'the two refusals, each header of them');
}

function shapeOf({ status, lines, body }: WireResponse) {
  return { status, lines: lines.filter(([name]) => !HOP_BY_HOP.includes(name)), body };
}

function isRefusal(event: KeywrightEvent): event is KeywrightEvent & { readonly type: 'refused' } {
  return event.type === 'refused';
}
