/** A person, as the application describes them. */
interface Person {
  readonly id: string;
  readonly [detail: string]: unknown;
}

/** The names of people. An old event may have only an id, while a newer one has the name. */
export class People {
  readonly #names = new Map<string, string>();

  /** Remembers the names of people. */
  remember(people: Iterable<Person>): void {
    for (const { id, name, email } of people) {
      const known = [name, email].find((text) => typeof text === 'string' && text !== '');
      if (typeof known === 'string') this.#names.set(id, known);
    }
  }

  /** The name or email address of a person, or the id if neither is known. */
  nameOf({ id }: Person): string {
    return this.#names.get(id) ?? id;
  }
}
