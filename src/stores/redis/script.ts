import { retrying } from '../../retry.ts';
import type { Driver } from './client.ts';
import { isUnserved } from './failures.ts';

/**
 * A Lua script. Redis runs no other command in between. The script is called by its SHA-1, and sent in
 * full if the server does not know it: at the first call, after `SCRIPT FLUSH`, a restart or a failover.
 * While a cluster moves the slot, or has no owner for it, nothing runs: the script is sent again for up to
 * five seconds.
 */
export class Script {
  readonly #source: string;
  #sha1: Promise<string> | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** @param keys the names of all keys that the script accesses, which a cluster requires */
  async run(driver: Driver, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return retrying(() => this.#send(driver, keys, args), isUnserved);
  }

  async #send(driver: Driver, keys: readonly string[], args: readonly string[]): Promise<unknown> {
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
