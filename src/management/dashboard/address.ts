/** Keeps the view in the fragment of the page's address: `#keys?state=revoked`. Servers never see it. */
export class Address {
  readonly #isUsed: boolean;

  /** @param isUsed whether the dashboard may use the fragment; otherwise the page around it owns it */
  constructor(isUsed: boolean) {
    this.#isUsed = isUsed;
  }

  get section(): string {
    return this.#isUsed ? (/^#(\w+)/.exec(location.hash)?.[1] ?? '') : '';
  }

  /** Reads the values of a section, with the types of the defaults. A missing one keeps its default. */
  read<Values extends Readonly<Record<string, string | boolean>>>(
    section: string,
    defaults: Values,
  ): Values {
    if (this.section !== section) return defaults;
    const params = new URLSearchParams(location.hash.replace(/^#\w*\??/, ''));
    const found = Object.entries(defaults).map(([name, value]) => {
      const text = params.get(name);
      if (text === null) return [name, value];
      return [name, typeof value === 'boolean' ? text === 'true' : text];
    });
    return Object.fromEntries(found) as Values;
  }

  /** Writes the view. Only a change of section adds an entry to the history. */
  write(section: string, values: Readonly<Record<string, string | boolean>> = {}): void {
    if (!this.#isUsed) return;
    const chosen = Object.entries(values).filter(([, value]) => value !== '' && value !== false);
    const params = new URLSearchParams(chosen.map(([name, value]) => [name, String(value)]));
    const hash = `#${section}${chosen.length === 0 ? '' : `?${params}`}`;
    if (hash === location.hash) return;
    if (this.section === section || this.section === '') history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
  }
}
