import { invalid } from '../errors.ts';

/**
 * Checks an address that pages link to: a path, or an `http` or `https` address.
 *
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function checkAddress(address: unknown, option: string): string {
  // A `javascript:` link would run a script, and a path that begins with `//` leads to another host.
  if (typeof address !== 'string' || !/^(?:https?:\/\/|\/(?![/\\]))\S*$/.test(address)) {
    throw invalid(option, 'must be a path, or an http or https address');
  }
  return address;
}
