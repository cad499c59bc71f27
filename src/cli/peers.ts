import { registerHooks } from 'node:module';

/**
 * Optional peers of the library that are bundled with the command line, so that it works without them
 * being installed. The build writes each to `dist/cli/peers`.
 */
export const PEERS: Readonly<Record<string, string>> = {
  kysely: 'kysely',
  'kysely/migration': 'kysely-migration',
  'otpauth/slim': 'otpauth',
  qr: 'qr',
};

/** Resolves a peer to the installed package, or to the bundled one if it is not installed. */
export function registerPeers(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const peer = PEERS[specifier];
      if (peer === undefined) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, context);
      } catch {
        const { href } = new URL(`./peers/${peer}.js`, import.meta.url);
        return { url: href, format: 'module', shortCircuit: true };
      }
    },
  });
}
