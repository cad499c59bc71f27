/** Host[:port], RFC 9110 §7.2: a name, an IPv4 address, or an IPv6 address in brackets. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** A target in absolute form, RFC 9112 §3.2.2: its authority and the rest. */
const ABSOLUTE = /^https?:\/\/([^/]+)(\/.*)$/i;

/**
 * The address of a request; `undefined` if its target or Host could be read in different ways. The URL
 * parser removes dot segments and turns backslashes into slashes. So a middleware or a proxy that
 * checked the path as it was sent would have checked another path.
 */
export function addressOf(
  scheme: 'http' | 'https',
  hosts: readonly string[],
  target: string,
): string | undefined {
  const [host, ...further] = hosts;
  if (host === undefined || further.length > 0 || !HOST.test(host)) return undefined;
  const [, authority = host, path = target] = ABSOLUTE.exec(target) ?? [];
  if (authority.toLowerCase() !== host.toLowerCase()) return undefined;
  const address = `${scheme}://${host}${path}`;
  return path.startsWith('/') && plainUrl(address) !== undefined ? address : undefined;
}

/** Parses an address. Returns `undefined` if the parser changes its path, or if it has a fragment. */
export function plainUrl(address: string): URL | undefined {
  const url = address.includes('#') ? null : URL.parse(address);
  const [, path] = /^\w+:\/\/[^/?]*([^?]*)/.exec(address) ?? [];
  return url?.pathname === path ? (url ?? undefined) : undefined;
}

/** Whether a path is the base or below it. */
export function isPathBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}
