/** A plaintext token that shows itself once, on purpose, and nowhere else. */
export interface Secret {
  /** The plaintext. Give it to the person who asked for the key and to nobody else. */
  reveal(): string;
  /** `[redacted]`, as is what JSON, string conversion and `util.inspect` give. */
  toString(): string;
  /** `[redacted]` */
  toJSON(): string;
}

const REDACTED = '[redacted]';

class RedactedSecret implements Secret {
  // A private field, not a closure on the object: inspectors, spreads and structured clones skip it.
  readonly #plaintext: string;

  constructor(plaintext: string) {
    this.#plaintext = plaintext;
    Object.freeze(this);
  }

  reveal(): string {
    return this.#plaintext;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/** Wraps a token so that no log line, error or JSON answer can hold it by accident. */
export function secretOf(plaintext: string): Secret {
  return new RedactedSecret(plaintext);
}
