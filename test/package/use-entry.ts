/** A module that uses the subpath, and fails to compile if its types are lost on the way. */
export const useEntry = (specifier: string): string => `
import * as subpath from '${specifier}';
type IsAny<Type> = 0 extends 1 & Type ? true : false;
export const typed: IsAny<typeof subpath> = false;
export const lost: { [Name in keyof typeof subpath as IsAny<(typeof subpath)[Name]> extends true ? Name : never]: never } = {};
`;
