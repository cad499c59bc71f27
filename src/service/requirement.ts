import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import { AUTHORIZATION_ONLY } from '../http/credentials.ts';
import { HEADER_NAME } from '../http/header-name.ts';
import type { TokenFormat } from '../token/format.ts';
import { checkEnvironments, checkScopes } from './arguments.ts';
import type { Requirement } from './contract.ts';

/** A checked copy of a requirement, with its defaults. */
export interface CheckedRequirement extends Requirement {
  readonly scopes: readonly string[];
  readonly headers: readonly string[];
}

/** The part of a service that a requirement is checked against. */
export interface RequirementContext {
  readonly format: TokenFormat;
  readonly scopes?: readonly string[] | undefined;
}

/**
 * Checks and copies the requirement of a route or a guard. A guard calls this once: on every request, it
 * would take a third of the time of an authentication.
 *
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function checkRequirement(
  requirement: Requirement,
  { format, scopes: known }: RequirementContext,
): CheckedRequirement {
  checkFields(requirement, 'options', ['scopes', 'environments', 'headers']);
  const { scopes = [], environments, headers } = requirement;
  return Object.freeze({
    scopes: checkScopes(scopes, known),
    headers: checkHeaders(headers),
    ...(environments !== undefined && { environments: checkEnvironments(environments, format) }),
  });
}

const MAX_HEADERS = 8;

/**
 * Checks the names of the headers that may contain a key, and returns them in lower case.
 *
 * @throws KeywrightError `invalid_argument` that names the header.
 */
export function checkHeaders(headers: unknown = AUTHORIZATION_ONLY): readonly string[] {
  if (headers === AUTHORIZATION_ONLY) return AUTHORIZATION_ONLY;
  if (!Array.isArray(headers) || headers.length === 0 || headers.length > MAX_HEADERS) {
    throw invalid('headers', `must be an array of 1 to ${MAX_HEADERS} header names`);
  }
  const names = Array.from(headers, (name: unknown, i) => {
    if (typeof name !== 'string' || name.length > 100 || !HEADER_NAME.test(name)) {
      throw invalid(`headers[${i}]`, 'must be the name of a header');
    }
    // A browser also sends cookies with requests that other sites make.
    if (/^cookie$/i.test(name)) throw invalid(`headers[${i}]`, 'must not be Cookie');
    return name.toLowerCase();
  });
  return Object.freeze([...new Set(names)]);
}
