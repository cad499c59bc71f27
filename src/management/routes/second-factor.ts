import { invalid } from '../../errors.ts';
import { MAX_CODE_LENGTH } from '../../limits.ts';
import { jsonAnswer } from '../answer.ts';
import type { Settings } from '../options.ts';
import { Refusal } from '../refusal.ts';
import { type Route, route } from '../route.ts';
import { ENROLLMENT, RECOVERY_CODES, shape, VERIFIED } from '../shapes.ts';
import {
  type SecondFactorCall,
  type SecondFactorFailure,
  type SecondFactorOperations,
  type SecondFactorOutcome,
  secondFactor,
} from '../step-up.ts';

const FAILURES: Readonly<Record<SecondFactorFailure, string>> = {
  wrong_code: 'The code is wrong, or has been used.',
  too_many_attempts: 'There were too many attempts. Wait before you try again.',
  not_enrolled: 'There is no second factor yet.',
  already_enrolled: 'There is a second factor already.',
};

const CODE = {
  type: 'object',
  properties: {
    code: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_CODE_LENGTH,
      description: 'A code from the authenticator app, or a recovery code.',
    },
  },
  required: ['code'],
  additionalProperties: false,
} as const;

/** The routes that set up, verify and disable a second factor. */
export function secondFactorRoutes({ stepUp }: Settings): Route[] {
  const { enroll, confirm, verify, disable, ...rest } = stepUp?.operations ?? {};
  const renew = rest['recovery-codes'];
  return [
    ...(enroll === undefined ? [] : [enrollRoute(enroll)]),
    ...(confirm === undefined ? [] : [confirmRoute(confirm)]),
    ...(verify === undefined ? [] : [verifyRoute(verify)]),
    ...(renew === undefined ? [] : [recoveryCodesRoute(renew)]),
    ...(disable === undefined ? [] : [disableRoute(disable)]),
  ];
}

type Operation<Name extends keyof SecondFactorOperations> = NonNullable<
  SecondFactorOperations[Name]
>;

function enrollRoute(enroll: Operation<'enroll'>): Route {
  return route({
    method: 'POST',
    path: '/api/second-factor/enroll',
    operationId: 'enrollSecondFactor',
    summary: 'Start to set up a second factor',
    stepUp: 'enroll',
    answer: { status: 200, description: 'The secret, shown only once.', schema: ENROLLMENT },
    refusals: ['too_many_attempts', 'already_enrolled'],
    handle: async (call) => answerTo(() => enroll(partOf(call))),
  });
}

function confirmRoute(confirm: Operation<'confirm'>): Route {
  return route({
    method: 'POST',
    path: '/api/second-factor/confirm',
    operationId: 'confirmSecondFactor',
    summary: 'Complete the set-up with the first code',
    body: CODE,
    answer: {
      status: 200,
      description: 'Recovery codes, shown only once.',
      schema: RECOVERY_CODES,
    },
    refusals: ['wrong_code', 'too_many_attempts', 'not_enrolled', 'already_enrolled'],
    handle: async (call) => answerTo(() => confirm({ ...partOf(call), ...call.body })),
  });
}

function verifyRoute(verify: Operation<'verify'>): Route {
  return route({
    method: 'POST',
    path: '/api/second-factor/verify',
    operationId: 'verifySecondFactor',
    summary: 'Verify a code of the second factor',
    body: CODE,
    answer: { status: 200, description: 'The code was correct.', schema: VERIFIED },
    refusals: ['wrong_code', 'too_many_attempts', 'not_enrolled'],
    handle: async (call) => answerTo(() => verify({ ...partOf(call), ...call.body })),
  });
}

function recoveryCodesRoute(renew: Operation<'recovery-codes'>): Route {
  return route({
    method: 'POST',
    path: '/api/second-factor/recovery-codes',
    operationId: 'renewRecoveryCodes',
    summary: 'Create new recovery codes; all earlier ones are void',
    stepUp: 'recovery-codes',
    answer: {
      status: 200,
      description: 'Recovery codes, shown only once.',
      schema: RECOVERY_CODES,
    },
    refusals: ['too_many_attempts', 'not_enrolled'],
    handle: async (call) => answerTo(() => renew(partOf(call))),
  });
}

function disableRoute(disable: Operation<'disable'>): Route {
  return route({
    method: 'POST',
    path: '/api/second-factor/disable',
    operationId: 'disableSecondFactor',
    summary: 'Disable the second factor',
    stepUp: 'disable',
    answer: { status: 200, description: 'The second factor is disabled.', schema: shape({}) },
    refusals: ['not_enrolled'],
    handle: async (call) => answerTo(() => disable(partOf(call))),
  });
}

/** The part of a call that the step-up receives: it has no access to the owner's keys. */
function partOf({ request, session }: SecondFactorCall): SecondFactorCall {
  return { request, session };
}

/** Rejects an outcome that is neither a success nor a known failure: the step-up has a bug. */
function checkOutcome(outcome: SecondFactorOutcome<unknown>): SecondFactorOutcome<unknown> {
  if (outcome.ok === true || Object.hasOwn(FAILURES, outcome.error)) return outcome;
  throw invalid('outcome.error', `must be one of ${Object.keys(FAILURES).join(', ')}`);
}

async function answerTo(
  work: () => SecondFactorOutcome<unknown> | Promise<SecondFactorOutcome<unknown>>,
): Promise<Response> {
  const outcome = await secondFactor(async () => checkOutcome(await work()));
  if (outcome.ok) return jsonAnswer(200, outcome.result, outcome.headers);
  const { error, retryAfterMs } = outcome;
  throw new Refusal(error, FAILURES[error], {
    ...(retryAfterMs === undefined
      ? {}
      : { headers: { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) } }),
  });
}
