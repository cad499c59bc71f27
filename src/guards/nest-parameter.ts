import { KeywrightError } from '../errors.ts';
import type { NestContext } from './nest-context.ts';

/** Gives the value of a parameter; the first argument is what the decorator was given. */
export type ParameterFactory = (data: unknown, context: NestContext) => unknown;

/** The part of `reflect-metadata` that decorators need; Nest loads it. */
interface Metadata {
  getMetadata?(key: string, target: object, property: string | symbol): object | undefined;
  defineMetadata?(key: string, value: object, target: object, property: string | symbol): void;
}

/**
 * What `createParamDecorator` of `@nestjs/common` makes of a factory, written where it writes it: in
 * the metadata of the controller's class, under these names since Nest 4. So the guard needs nothing
 * of Nest's to be loaded, and no second copy of it can be.
 */
export function parameterDecorator(factory: ParameterFactory): ParameterDecorator {
  return (target, property, index) => {
    const { getMetadata, defineMetadata } = Reflect as Metadata;
    if (!getMetadata || !defineMetadata || property === undefined) {
      throw new KeywrightError('invalid_argument', 'a parameter decorator needs a method of Nest');
    }
    const key = '__routeArguments__';
    const args = getMetadata(key, target.constructor, property);
    const name = `keywright__customRouteArgs__:${index}`;
    const entry = { index, factory, data: undefined, pipes: [] };
    defineMetadata(key, { ...args, [name]: entry }, target.constructor, property);
  };
}
