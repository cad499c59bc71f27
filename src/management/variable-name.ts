/** The environment variable for a key: `PROON_API_KEY` for ProoN, `API_KEY` without a usable name. */
export function variableName(brand: string): string {
  const words =
    brand
      .normalize('NFKD')
      .toUpperCase()
      .match(/[A-Z0-9]+/g) ?? [];
  const name = words
    .join('_')
    .replace(/(?:^|_)API(?:_KEYS?)?$/, '')
    .replace(/^(?=\d)/, '_');
  return name === '' ? 'API_KEY' : `${name}_API_KEY`;
}
