import { defined, type JsonObject } from '../json.ts';
import type { Settings } from './options.ts';
import { type ManagementErrorCode, STATUS } from './refusal.ts';
import { IDEMPOTENCY_KEY, type Route } from './route.ts';
import type { Schema } from './schema.ts';
import { componentsOf, ref } from './shapes.ts';

/** Builds the OpenAPI 3.1 document from the same descriptions that requests are checked against. */
export function openApiDocument(
  { basePath, brand, keys }: Pick<Settings, 'basePath' | 'brand' | 'keys'>,
  routes: readonly Route[],
): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `${brand.name}: management`,
      version: '1',
      description:
        "Manages the keys of the session's owner. The application's own session authenticates requests; API keys do not. All times are epoch milliseconds.",
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    paths,
    components: { schemas: componentsOf(keys.format.environments) },
  };
}

function operationOf(route: Route): JsonObject {
  const { operationId, summary, description, body, answer } = route;
  const parameters = parametersOf(route);
  return {
    operationId,
    summary,
    ...defined({ description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: (body.required ?? []).length > 0,
            content: { 'application/json': { schema: asJson(body) } },
          },
        }),
    responses: {
      [answer.status]: {
        description: answer.description,
        content: contentOf(answer.schema),
      },
      ...refusalsOf(route),
    },
  };
}

function contentOf(schema: Route['answer']['schema']): JsonObject {
  const byType = 'text/csv' in schema ? schema : { 'application/json': schema };
  return Object.fromEntries(
    Object.entries(byType).map(([type, described]) => [type, { schema: described }]),
  );
}

function parametersOf({ path, query, idempotent }: Route): JsonObject[] {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const header = { name: 'Idempotency-Key', in: 'header', schema: asJson(IDEMPOTENCY_KEY) };
  return [
    ...(path.includes('{id}') ? [id] : []),
    ...Object.entries(query).map(([name, schema]) => ({
      name,
      in: 'query',
      schema: asJson(schema),
    })),
    ...(idempotent ? [header] : []),
  ];
}

function refusalsOf(route: Route): JsonObject {
  const byStatus = Map.groupBy(refusalCodes(route), (code) => STATUS[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: { 'application/json': { schema: ref('Error') } },
      },
    ]),
  );
}

function refusalCodes(route: Route): readonly ManagementErrorCode[] {
  const changes = route.method !== 'GET';
  const codes: readonly (readonly [boolean, readonly ManagementErrorCode[]])[] = [
    [true, ['invalid_argument', 'unauthorized', 'internal', 'unavailable']],
    [changes, ['invalid_json', 'body_too_large', 'unsupported_media_type', 'cross_site']],
    [route.action !== undefined, ['forbidden']],
    [route.path.includes('{id}'), ['key_not_found']],
    [route.stepUp !== undefined, ['step_up_required']],
    [route.idempotent === true, ['idempotency_mismatch', 'idempotency_conflict']],
    [true, route.refusals ?? []],
  ];
  return codes.flatMap(([applies, some]) => (applies ? some : []));
}

/** A schema is plain JSON; only its type says more. */
function asJson(schema: Schema): JsonObject {
  return { ...schema } as JsonObject;
}
