import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonObject } from 'keywright';

interface Media {
  readonly schema: JsonObject;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, Media>> }>
  >;
}

/** As much of an OpenAPI document as the tests read. */
export interface OpenApiDocument {
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>> };
}

/** Checks answers against an OpenAPI document, and knows which operations it has seen succeed. */
export class Described {
  readonly succeeded = new Set<string>();
  readonly #document: OpenApiDocument;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  get operations(): string[] {
    return Object.values(this.#document.paths)
      .flatMap((methods) => Object.values(methods))
      .map(({ operationId }) => operationId);
  }

  /**
   * What is wrong with an answer, by the document.
   *
   * @param path below the server's address, without a query
   */
  complaints(method: string, path: string, response: Response, text: string): string[] {
    const operation = this.#operationAt(method, path);
    const type = (response.headers.get('content-type') ?? '').split(';', 1).join();
    if (operation === undefined) return this.#check(this.#errorSchema(), text);
    const schema = operation.responses[response.status]?.content[type]?.schema;
    if (schema === undefined) {
      return [`${operation.operationId} does not describe ${response.status} as ${type}`];
    }
    if (response.ok) this.succeeded.add(operation.operationId);
    return type === 'application/json' ? this.#check(schema, text) : [];
  }

  #operationAt(method: string, path: string): Operation | undefined {
    const segments = path.split('/');
    const matching = Object.keys(this.#document.paths).filter((template) => {
      const wanted = template.split('/');
      return (
        wanted.length === segments.length &&
        wanted.every((segment, i) => segment === segments[i] || segment === '{id}')
      );
    });
    // The path itself before a template, as OpenAPI 3.1 §4.8.8 has it.
    const found = matching.includes(path) ? path : matching[0];
    return found === undefined ? undefined : this.#document.paths[found]?.[method.toLowerCase()];
  }

  #errorSchema(): JsonObject {
    return this.#document.components.schemas.Error as JsonObject;
  }

  #check(schema: JsonObject, text: string): string[] {
    const { schemas } = this.#document.components;
    const validate = validatorOf({ allOf: [schema], components: { schemas } });
    if (validate(JSON.parse(text))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
ajv.addVocabulary(['components']);

/** By their text: handlers that are alike have equal documents, and compiling takes long. */
const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: JsonObject): ValidateFunction {
  const text = JSON.stringify(schema);
  const validate = validators.get(text) ?? ajv.compile(schema);
  validators.set(text, validate);
  return validate;
}
