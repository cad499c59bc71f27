import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the search for `any`', () => {
  it('has every type that the package exports on its list', () => {
    const exported = [...read('../../src/index.ts').matchAll(/export (type )?\{([^}]*)\}/g)]
      .flatMap(([, all, names = '']) =>
        names.split(',').map((name) => `${all ?? ''}${name.trim()}`),
      )
      .filter((name) => /^type \w+$/.test(name))
      .map((name) => name.replace('type ', ''));
    const listed = [...read('./any.test-d.ts').matchAll(/^ +(\w+): keywright\.\1[;<]/gm)];
    expect(exported.length).toBeGreaterThan(40);
    expect(listed.map(([, name]) => name).sort()).toEqual(exported.sort());
  });
});
