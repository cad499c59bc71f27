import type * as keywright from 'keywright';
import { describe, expectTypeOf, it } from 'vitest';

type IsAny<Type> = 0 extends 1 & Type ? true : false;

/** What comes from the language, and is no word of this library. */
type Foreign = Uint8Array | Date | symbol | string | number | boolean | bigint | null | undefined;

type Less = { 8: 7; 7: 6; 6: 5; 5: 4; 4: 3; 3: 2; 2: 1; 1: 0 };
type Depth = keyof Less;

/** The paths at which a type, or whatever a function of it takes or gives, is `any`. */
type AnyIn<Type, Path extends string, Left extends number = 8> =
  IsAny<Type> extends true
    ? Path
    : Left extends Depth
      ? unknown extends Type
        ? never
        : Type extends Foreign
          ? never
          : Type extends Promise<infer Value>
            ? AnyIn<Value, `${Path}!`, Less[Left]>
            : Type extends ReadonlyMap<infer Key, infer Value>
              ? AnyIn<Key | Value, `${Path}<>`, Less[Left]>
              : Type extends abstract new (
                    ...args: infer Args
                  ) => infer Instance
                ? AnyIn<Args, `${Path}(new)`, Less[Left]> | AnyIn<Instance, Path, Less[Left]>
                : Type extends (...args: infer Args) => infer Result
                  ?
                      | AnyIn<Args, `${Path}(in)`, Less[Left]>
                      | AnyIn<Result, `${Path}(out)`, Less[Left]>
                  : Type extends readonly (infer Item)[]
                    ? AnyIn<Item, `${Path}[]`, Less[Left]>
                    : {
                        [Name in keyof Type]-?: AnyIn<
                          Type[Name],
                          `${Path}.${Name & string}`,
                          Less[Left]
                        >;
                      }[keyof Type]
      : never;

describe('the search', () => {
  it('finds `any` wherever it hides', () => {
    interface Hiding {
      member: { deep: ReturnType<typeof JSON.parse> };
    }
    expectTypeOf<AnyIn<Hiding, 'x'>>().toEqualTypeOf<'x.member.deep'>();
    type In = (value: Hiding) => void;
    expectTypeOf<AnyIn<In, 'x'>>().toEqualTypeOf<'x(in)[].member.deep'>();
    type Out = () => Promise<Hiding[]>;
    expectTypeOf<AnyIn<Out, 'x'>>().toEqualTypeOf<'x(out)![].member.deep'>();
    type Mapped = ReadonlyMap<string, Hiding>;
    expectTypeOf<AnyIn<Mapped, 'x'>>().toEqualTypeOf<'x<>.member.deep'>();
    expectTypeOf<AnyIn<{ a: 1; b?: () => unknown }, 'x'>>().toEqualTypeOf<never>();
  });
});

describe('what the package exports', () => {
  it('has no `any` among its values', () => {
    expectTypeOf<AnyIn<typeof keywright, 'keywright'>>().toEqualTypeOf<never>();
  });

  it('has no `any` among its types', () => {
    interface Types {
      ActivityAction: keywright.ActivityAction;
      ActivityEvent: keywright.ActivityEvent;
      ActivityFilter: keywright.ActivityFilter;
      Actor: keywright.Actor;
      ApiKeys: keywright.ApiKeys<'live'>;
      ApiKeysOptions: keywright.ApiKeysOptions<'live'>;
      Authentication: keywright.Authentication;
      AuthorizationLines: keywright.AuthorizationLines;
      ActorOptions: keywright.ActorOptions;
      ChainHead: keywright.ChainHead;
      ChainReport: keywright.ChainReport;
      ChangedKey: keywright.ChangedKey<'live'>;
      ChangeEffect: keywright.ChangeEffect;
      ChangeOptions: keywright.ChangeOptions;
      Clock: keywright.Clock;
      CreatedKey: keywright.CreatedKey<'live'>;
      ErrorCode: keywright.ErrorCode;
      FactorAction: keywright.FactorAction;
      FactorDocument: keywright.FactorDocument;
      FactorRef: keywright.FactorRef;
      HttpRefusal: keywright.HttpRefusal;
      JsonObject: keywright.JsonObject;
      JsonValue: keywright.JsonValue;
      KeyChange: keywright.KeyChange;
      HeaderLines: keywright.HeaderLines;
      KeyFilter: keywright.KeyFilter<'live'>;
      KeyRecord: keywright.KeyRecord<'live'>;
      KeyState: keywright.KeyState;
      KeyStore: keywright.KeyStore;
      KeywrightEvent: keywright.KeywrightEvent;
      MetadataSchema: keywright.MetadataSchema;
      KeyUpdate: keywright.KeyUpdate;
      LegacyFormat: keywright.LegacyFormat;
      LegacyFormatOptions: keywright.LegacyFormatOptions;
      Moment: keywright.Moment;
      NewKey: keywright.NewKey<'live'>;
      OnEvent: keywright.OnEvent;
      OwnerKeys: keywright.OwnerKeys<'live'>;
      Page: keywright.Page<keywright.KeyRecord>;
      ParsedToken: keywright.ParsedToken<'live'>;
      Principal: keywright.Principal<'live'>;
      PresentedLines: keywright.PresentedLines;
      RandomSource: keywright.RandomSource;
      RefusalReason: keywright.RefusalReason;
      Requirement: keywright.Requirement<'live'>;
      RevokedKeys: keywright.RevokedKeys;
      RevokeOptions: keywright.RevokeOptions;
      RotatedKey: keywright.RotatedKey<'live'>;
      RotateOptions: keywright.RotateOptions;
      Secret: keywright.Secret;
      StoreFinding: keywright.StoreFinding;
      StoreFindingCode: keywright.StoreFindingCode;
      StoredKey: keywright.StoredKey;
      TokenFormat: keywright.TokenFormat<'live'>;
      TokenFormatOptions: keywright.TokenFormatOptions<'live'>;
      TokenPrefix: keywright.TokenPrefix<'live'>;
      UnauthorizedOptions: keywright.UnauthorizedOptions;
      Verification: keywright.Verification<'live'>;
    }
    expectTypeOf<AnyIn<Types, 'types'>>().toEqualTypeOf<never>();
  });
});
