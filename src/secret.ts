/** A plaintext token that prints as `[redacted]`. Only `reveal()` returns the plaintext. */
export interface Secret {
  /** Returns the plaintext. Show it only to the person who created the key. */
  reveal(): string;
  /** Returns `[redacted]`, as JSON, string conversion and `util.inspect` do. */
  toString(): string;
  /** Returns `[redacted]`. */
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

/** Wraps a token so that no log line, error or JSON response contains it by accident. */
export function secretOf(plaintext: string): Secret {
  return new RedactedSecret(plaintext);
}
