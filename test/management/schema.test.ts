import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read, type Schema } from '../../src/management/schema.ts';
import { failureOf } from '../support.ts';
import { mount } from './support.ts';
import { testStepUp } from './test-step-up.ts';

const { document } = await mount({ stepUp: testStepUp().stepUp });

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

/** Every schema that requests are checked by, as the document shows it, by where it stands. */
const schemas = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) => {
    const { parameters = [], requestBody } = operation as unknown as Described;
    const body = requestBody?.content['application/json']?.schema;
    const where = `${method.toUpperCase()} ${path}`;
    return [
      ...parameters.map(({ name, schema }) => [`${where} ${name}`, schema] as const),
      ...(body === undefined ? [] : [[`${where} body`, body] as const]),
    ];
  }),
);

const passes = (schema: Schema, value: unknown): boolean => {
  try {
    read(schema, value, 'body');
    return true;
  } catch {
    return false;
  }
};

/** Values around what a schema wants: some fit, some are of another kind, some a step outside. */
function near(schema: Schema): fc.Arbitrary<unknown> {
  const odd = fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', 'x', [], {}, 1e21, 2 ** 53);
  return fc.oneof({ weight: 4, arbitrary: fitting(schema) }, { weight: 1, arbitrary: odd });
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'string': {
      const { maxLength = 20, minLength = 0 } = schema;
      const lengths = {
        minLength: Math.max(0, minLength - 1),
        maxLength: Math.min(maxLength + 1, 300),
      };
      return schema.enum === undefined
        ? fc.oneof(
            fc.string(lengths),
            fc.string({ ...lengths, unit: 'grapheme' }),
            fc.constant('a'.repeat(maxLength)),
          )
        : fc.constantFrom(...schema.enum);
    }
    case 'array':
      return fc.array(near(schema.items), { maxLength: schema.maxItems + 1, size: '-1' });
    case 'object': {
      if (schema.additionalProperties) return fc.dictionary(fc.string(), fc.jsonValue());
      const members = Object.entries(schema.properties).map(([name, member]) => [
        name,
        near(member),
      ]);
      return fc.record(
        { ...Object.fromEntries(members), surprise: fc.constant(1) },
        { requiredKeys: [] },
      );
    }
    default:
      return fc.constantFrom(
        schema.minimum - 1,
        schema.minimum,
        schema.maximum,
        schema.maximum + 1,
        7.5,
      );
  }
}

describe('the check of requests', () => {
  it('knows all the schemas of the document', () => {
    expect(schemas.length).toBeGreaterThan(20);
  });

  it.each(schemas)('lets pass what JSON Schema lets pass: %s', (_where, schema) => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    const any = near(schema);
    // Of the bodies to make a key, one in eighty fits by chance: half of all values are chosen to.
    const fit = any.filter((value) => validate(value));
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof(any, fit), (value) => {
        const expected = validate(value);
        passed += expected ? 1 : 0;
        return passes(schema, value) === expected;
      }),
      { numRuns: 300 },
    );
    expect(passed).toBeGreaterThan(100);
  });

  it('never repeats what was sent', async () => {
    const secret = 'prn_live_0123456789abcdefghijklmnopqrstuvwxyz';
    for (const [, schema] of schemas) {
      for (const value of [secret, [secret], { [secret]: secret }, { name: { a: secret } }]) {
        if (passes(schema, value)) continue;
        expect(await failureOf(() => read(schema, value, 'body'))).toMatchObject({
          code: 'invalid_argument',
          message: expect.not.stringContaining(secret),
        });
      }
    }
  });
});
