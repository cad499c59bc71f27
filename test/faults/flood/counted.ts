import type { KeyStore } from 'keywright';

/** The store, with a count of whatever it is asked for. */
export function counted(store: KeyStore): { readonly store: KeyStore; count(): number } {
  let count = 0;
  const standing = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        count++;
        return Reflect.apply(member, target, given);
      };
    },
  });
  return { store: standing, count: () => count };
}
