import { invalid } from '../errors.ts';
import type { AuthorizationLines, PresentedLines } from '../http/credentials.ts';
import { andThen } from '../maybe-promise.ts';
import { oncePer } from '../once-per.ts';
import { Handles } from '../service/handle.ts';
import { checkRequirement } from '../service/requirement.ts';
import type { PreparedAuthenticate } from '../service/service.ts';
import type { AnyPrincipal, Authenticate, GuardKeys, GuardOptions } from './contract.ts';
import { copyOptions, type KeysSource } from './keys-source.ts';
import { presentedLines } from './presented-lines.ts';

/** `authenticate` of one service, for the requirement of one guard. */
type ServiceAuthenticate<Caller extends AnyPrincipal> = (
  presented: PresentedLines,
) => ReturnType<Authenticate<Caller, unknown>>;

/**
 * Returns `keys.authenticate` with the requirement of a guard. The options are checked and copied once: an
 * invalid option throws when the guard is created, and later changes of the object have no effect.
 *
 * @param linesOf returns all raw field lines of one header of a request, by its lower-case name
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function authenticator<
  Caller extends AnyPrincipal,
  Incoming,
  Context extends readonly unknown[],
>(
  keys: KeysSource<Caller, Context>,
  options: GuardOptions<Caller>,
  linesOf: (request: Incoming, name: string) => AuthorizationLines,
): Authenticate<Caller, Incoming, Context> {
  if (typeof keys !== 'function') {
    const authenticate = serviceAuthenticate(keys, options);
    const read = presentedLines(options.headers, linesOf);
    // Has no rest parameter, which would allocate an array for each request.
    const withService: Authenticate<Caller, Incoming> = (request) => authenticate(read(request));
    return withService;
  }
  const copy = copyOptions(options);
  const read = presentedLines(copy.headers, linesOf);
  const authenticateBy = oncePer((service: GuardKeys<Caller>) =>
    serviceAuthenticate(service, copy),
  );
  return (request, ...context) => {
    try {
      return andThen(keys(...context), (service) => authenticateBy(service)(read(request)));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

function serviceAuthenticate<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller>,
): ServiceAuthenticate<Caller> {
  if (typeof keys?.authenticate !== 'function') {
    throw invalid('keys', 'must come from createApiKeys()');
  }
  const requirement = checkRequirement(options, keys) as GuardOptions<Caller>;
  const original = keys.authenticate;
  const prepared: PreparedAuthenticate | undefined = Handles.of(original)?.prepare(requirement);
  // Compared at each request: the application may replace `authenticate` at any time, as by a rate limiter.
  return (presented) =>
    prepared && keys.authenticate === original
      ? (prepared(presented) as ReturnType<ServiceAuthenticate<Caller>>)
      : keys.authenticate(presented, requirement);
}
