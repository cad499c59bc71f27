import type { Driver } from './client.ts';

/**
 * A Lua script, which Redis runs as a whole or not at all. It is called by its SHA-1, and sent in
 * full where the server does not know it: at the first call, after `SCRIPT FLUSH`, a restart or a
 * failover.
 */
export class Script {
  readonly #source: string;
  #sha1: Promise<string> | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** @param keys the name of every key that the script touches, which a cluster needs to know */
  async run(driver: Driver, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    this.#sha1 ??= sha1Hex(this.#source);
    try {
      return await driver.evalsha(await this.#sha1, keys, args);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return driver.eval(this.#source, keys, args);
    }
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

async function sha1Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
