import type { JsonObject } from '../json.ts';
import { LAST_EXPIRY } from '../limits.ts';
import {
  ACTIVITY_ACTIONS,
  KEY_STATES,
  type KeyRecord,
  type KeyState,
  keyState,
} from '../record.ts';
import { STATUS } from './refusal.ts';
import type { IntegerSchema } from './schema.ts';
import { ALL_ACTIONS } from './session.ts';

const MAX_MOMENT = Number.MAX_SAFE_INTEGER;

/** A time in a request. */
export function moment<const Description extends string>(description: Description) {
  return {
    type: 'integer',
    minimum: 0,
    maximum: MAX_MOMENT,
    description: `${description} Epoch milliseconds.`,
  } as const satisfies IntegerSchema;
}

/** The expiry of a key in a request. */
export function expiry<const Description extends string>(description: Description) {
  return { ...moment(description), maximum: LAST_EXPIRY } as const satisfies IntegerSchema;
}

/** As {@link expiry}, or `null` for no expiry. */
export function expiryOrNull<const Description extends string>(description: Description) {
  return { ...expiry(description), type: ['integer', 'null'] } as const satisfies IntegerSchema;
}

const text: JsonObject = { type: 'string' };
const flag: JsonObject = { type: 'boolean' };
const texts: JsonObject = { type: 'array', items: text };
const time: JsonObject = { type: 'integer', description: 'Epoch milliseconds.' };
const metadata: JsonObject = { type: 'object', additionalProperties: true };

/** An object with the given members and no others. Those in `optional` may be absent. */
export function shape(required: JsonObject, optional: JsonObject = {}): JsonObject {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** A key as responses contain it: with its state, so that no page depends on its own clock. */
export function withState(
  record: KeyRecord,
  now: number,
): KeyRecord & { readonly state: KeyState } {
  // The record is already a copy, so extend it in place: `Object.assign` takes four times as long.
  const shown = record as KeyRecord & { state: KeyState };
  shown.state = keyState(record, now);
  return shown;
}

/** A page of a list. */
export function pageOf(items: JsonObject): JsonObject {
  return shape(
    { items: { type: 'array', items } },
    { cursor: { type: 'string', description: 'Where the next page begins; absent on the last.' } },
  );
}

export function ref(name: 'Key' | 'ActivityEvent' | 'Error'): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

const actor: JsonObject = {
  type: 'object',
  properties: { id: text },
  required: ['id'],
  additionalProperties: true,
};

/** The schemas that responses share. */
export function componentsOf(environments: readonly string[]): JsonObject {
  const environment: JsonObject = { type: 'string', enum: environments };
  return {
    Key: shape(
      {
        ...{ id: text, name: text, owner: text, environment, scopes: texts, metadata },
        hint: { type: 'string', description: 'The start of the token, to recognize it by.' },
        ...{ enabled: flag, state: { type: 'string', enum: KEY_STATES } },
        ...{ createdAt: time, createdBy: actor },
      },
      {
        ...{ expiresAt: time, lastUsedAt: time, revokedAt: time },
        ...{ replaces: text, replacedBy: text, replacedAt: time },
      },
    ),
    ActivityEvent: shape(
      {
        ...{ id: text, sequence: { type: 'integer', minimum: 1 }, at: time },
        ...{ action: { type: 'string', enum: ACTIVITY_ACTIONS }, owner: text, actor },
      },
      {
        ...{ keyId: text, keyName: text, reason: text, successorId: text, graceEndsAt: time },
        change: shape(
          {},
          {
            ...{ name: text, scopes: texts, metadata, enabled: flag },
            expiresAt: { type: ['integer', 'null'], description: 'Epoch milliseconds.' },
          },
        ),
        ...{ salt: text, erased: shape({ payloadDigest: text }) },
      },
    ),
    Error: shape(
      { error: { type: 'string', enum: Object.keys(STATUS) }, message: text },
      {
        argument: { type: 'string', description: 'The part of the request at fault.' },
        challenge: {
          type: 'object',
          additionalProperties: true,
          description: 'What the page needs to ask for the second factor.',
        },
      },
    ),
  };
}

export const SESSION = shape(
  {
    ...{ actor, owner: text, scopes: texts, environments: texts },
    actions: { type: 'array', items: { type: 'string', enum: ALL_ACTIONS } },
    quota: { type: 'integer', minimum: 1 },
    brand: shape(
      { name: text, variable: text, apiUrls: { type: 'object', additionalProperties: text } },
      { docsUrl: text },
    ),
    usageFlushMs: {
      type: 'integer',
      minimum: 1,
      description: 'How late a time of last use can be, in milliseconds.',
    },
    requiresMetadata: { type: 'boolean', description: 'Whether a new key must have metadata.' },
    texts: { type: 'object', additionalProperties: text },
    tokenPattern: {
      type: 'string',
      description:
        'A regular expression that finds whole tokens. A request that contains one is refused.',
    },
  },
  {
    ownerName: { type: 'string', description: 'A readable name of the owner.' },
    defaultExpiryMs: {
      type: 'integer',
      minimum: 1,
      description: 'The expiry that the dashboard preselects, in milliseconds from creation.',
    },
    signInUrl: { type: 'string', description: 'Where people sign in.' },
    secondFactor: shape(
      { operations: texts, enrolled: flag },
      { recoveryCodesLeft: { type: 'integer', minimum: 0 } },
    ),
  },
);

export const RECOVERY_CODES = shape({ recoveryCodes: texts });

export const ENROLLMENT = shape({
  secret: { type: 'string', description: 'Base32, shown only once.' },
  uri: { type: 'string', description: 'The otpauth: URI that the QR code contains.' },
  qrCode: { type: 'string', description: 'An SVG document.' },
});

export const VERIFIED = shape({
  validForMs: {
    type: 'integer',
    minimum: 0,
    description:
      'Milliseconds for which guarded actions need no other code; 0 if only the next one needs none.',
  },
});
