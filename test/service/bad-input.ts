import type { OwnerKeys } from 'keywright';
import { actor, newKey, START, wrong } from '../support.ts';
import {
  type Bad,
  badActors,
  badExpiries,
  badMetadata,
  badScopes,
  badTexts,
  badTextsNamed,
  badTimesNamed,
} from './bad-values.ts';

/** A call that must be refused, and the argument that its error must name. */
export type BadCall = readonly [
  argument: string,
  call: (keys: OwnerKeys<'live' | 'test'>, id: string) => unknown,
];

const { owner: _, ...fields } = newKey;

/** Values for one field of an argument, and the argument that the error names. */
const valuesOf = (field: string, bad: readonly Bad[], call: (input: object) => BadCall[1]) =>
  bad.map(([argument, value]): BadCall => [argument, call({ [field]: value })]);

/** What is wrong with the actor, the reason and the fields of any change. */
const badTraces = (call: (input: object) => BadCall[1]): BadCall[] => [
  ...valuesOf('actor', badActors, call),
  ...valuesOf('reason', badTextsNamed('reason', 500), call),
];

const create =
  (input: object): BadCall[1] =>
  (keys) =>
    keys.create({ ...fields, ...input });
const change =
  (input: object): BadCall[1] =>
  (keys, id) =>
    keys.update(id, input, { actor });
const update =
  (input: object): BadCall[1] =>
  (keys, id) =>
    keys.update(id, { name: 'Other' }, { actor, ...input });
const rotate =
  (input: object): BadCall[1] =>
  (keys, id) =>
    keys.rotate(id, { actor, ...input });
const revoke =
  (input: object): BadCall[1] =>
  (keys, id) =>
    keys.revoke(id, { actor, ...input });
const revokeAll =
  (input: object): BadCall[1] =>
  (keys) =>
    keys.revokeAll({ actor, ...input });
const list =
  (input: object): BadCall[1] =>
  (keys) =>
    keys.list(input);
const activity =
  (input: object): BadCall[1] =>
  (keys) =>
    keys.activity(input);
const anchored =
  (expectedHead: unknown): BadCall[1] =>
  (keys) =>
    keys.verifyActivity({ expectedHead: wrong(expectedHead) });

const badIds = (call: (id: never) => BadCall[1]): BadCall[] =>
  [undefined, ...badTexts(255)].map((id): BadCall => ['id', call(wrong(id))]);
const badPages = (call: (input: object) => BadCall[1]): BadCall[] => [
  ...valuesOf(
    'limit',
    [0, 101, -1, 1.5, '20', null, Number.NaN].map((v) => ['limit', v]),
    call,
  ),
  ...valuesOf('cursor', badTextsNamed('cursor', 512), call),
  ['filter.limt', call({ limt: 5 })],
];

const digest = 'a'.repeat(64);

/** Every operation with every argument wrong in every way. */
export const badCalls: Record<string, BadCall[]> = {
  create: [
    ...valuesOf('name', badTextsNamed('name', 100), create),
    ...valuesOf('name', [['name', undefined]], create),
    ...valuesOf(
      'environment',
      [undefined, null, '', 'prod', 'Live', 'live ', '__proto__', 5, ['live']].map((value) => [
        'environment',
        value,
      ]),
      create,
    ),
    ...badTraces(create),
    ...valuesOf('scopes', badScopes, create),
    ...valuesOf('metadata', badMetadata, create),
    ...valuesOf('expiresAt', badExpiries, create),
    ...valuesOf(
      'expiresAt',
      [
        ['expiresAt', START],
        ['expiresAt', new Date(START - 1)],
      ],
      create,
    ),
    ...valuesOf('id', badTextsNamed('id', 255), create),
    ['key.nmae', create({ nmae: 'Zapier' })],
    ['key.enabled', create({ enabled: false })],
    ['key.digest', create({ digest })],
    ['key.__proto__', create(JSON.parse('{"__proto__":{}}'))],
    ['transaction', create({ transaction: {} })],
  ],
  get: badIds((id) => (keys) => keys.get(id)),
  list: [
    ...badPages(list),
    ...valuesOf(
      'environment',
      [
        ['environment', 'prod'],
        ['environment', null],
      ],
      list,
    ),
    ...valuesOf(
      'state',
      [
        ['state', 'alive'],
        ['state', ''],
        ['state', null],
      ],
      list,
    ),
    ...valuesOf('text', badTextsNamed('text', 100), list),
    ...valuesOf('expiresBefore', badTimesNamed('expiresBefore'), list),
    ...valuesOf('unusedSince', badTimesNamed('unusedSince'), list),
    ['filter.name', list({ name: 'Zapier' })],
  ],
  update: [
    ...badIds((id) => (keys) => keys.update(id, { name: 'Other' }, { actor })),
    ...badTraces(update),
    ...valuesOf('name', badTextsNamed('name', 100), change),
    ...valuesOf('scopes', badScopes, change),
    ...valuesOf('metadata', badMetadata, change),
    ...valuesOf('expiresAt', badExpiries, change),
    ...valuesOf(
      'enabled',
      [null, 0, 'true', {}].map((value) => ['enabled', value]),
      change,
    ),
    ['change', change({})],
    ['change', change({ name: undefined, scopes: undefined })],
    ['change', (keys, id) => keys.update(id, wrong(undefined), { actor })],
    ['change', (keys, id) => keys.update(id, wrong(null), { actor })],
    ['change', (keys, id) => keys.update(id, wrong('Other'), { actor })],
    ['change.owner', change({ name: 'Other', owner: 'org_2' })],
    ['change.revokedAt', change({ revokedAt: null })],
    ['options', (keys, id) => keys.update(id, { name: 'Other' }, wrong(undefined))],
    ['options.atcor', update({ atcor: actor })],
    ['transaction', update({ transaction: {} })],
  ],
  rotate: [
    ...badIds((id) => (keys) => keys.rotate(id, { actor })),
    ...badTraces(rotate),
    ...valuesOf(
      'graceMs',
      [-1, 1.5, Number.NaN, '5', null, 10 * 365 * 86_400_000 + 1].map((v) => ['graceMs', v]),
      rotate,
    ),
    ...valuesOf('expiresAt', badExpiries, rotate),
    ...valuesOf('id', badTextsNamed('id', 255), rotate),
    ['options', (keys, id) => keys.rotate(id, wrong(undefined))],
    ['options.grace', rotate({ grace: 5 })],
    ['options.scopes', rotate({ scopes: ['admin'] })],
    ['transaction', rotate({ transaction: {} })],
  ],
  revoke: [
    ...badIds((id) => (keys) => keys.revoke(id, { actor })),
    ...badTraces(revoke),
    ['options', (keys, id) => keys.revoke(id, wrong(undefined))],
    ['options.at', revoke({ at: 5 })],
  ],
  revokeAll: [...badTraces(revokeAll), ['options.environment', revokeAll({ environment: 'live' })]],
  activity: [
    ...badPages(activity),
    ...valuesOf('keyId', badTextsNamed('keyId', 255), activity),
    ...valuesOf('actorId', badTextsNamed('actorId', 255), activity),
    ...valuesOf(
      'action',
      [
        ['action', 'key.made'],
        ['action', null],
      ],
      activity,
    ),
    ...valuesOf('from', badTimesNamed('from'), activity),
    ...valuesOf('to', badTimesNamed('to'), activity),
    ['filter.actor', activity({ actor })],
  ],
  verifyActivity: [
    ['expectedHead', anchored(null)],
    ['expectedHead', anchored('head')],
    ['expectedHead.sequence', anchored({ digest })],
    ['expectedHead.sequence', anchored({ sequence: -1, digest })],
    ['expectedHead.sequence', anchored({ sequence: 1.5, digest })],
    ['expectedHead.sequence', anchored({ sequence: '1', digest })],
    ['expectedHead.digest', anchored({ sequence: 1 })],
    ['expectedHead.digest', anchored({ sequence: 1, digest: digest.toUpperCase() })],
    ['expectedHead.digest', anchored({ sequence: 1, digest: digest.slice(1) })],
    ['expectedHead.digest', anchored({ sequence: 1, digest: [digest] })],
    ['expectedHead.id', anchored({ sequence: 1, digest, id: digest })],
    [
      'options.expectedHaed',
      (keys) => keys.verifyActivity(wrong({ expectedHaed: { sequence: 9, digest } })),
    ],
  ],
};
