import { describe, expect, it } from 'vitest';
import { missingEntries, readLockfile } from './package/lockfile.ts';

describe('package-lock.json', () => {
  it('holds every platform of every optional package, so that npm ci accepts it', () => {
    // `npm run lock` adds what is missing.
    expect(Object.keys(missingEntries(readLockfile()))).toEqual([]);
  });

  it('records no download address', () => {
    const { packages } = readLockfile();
    const addressed = Object.keys(packages).filter((place) => packages[place]?.resolved);
    expect(addressed).toEqual([]);
  });
});

describe('missingEntries', () => {
  const parent = {
    version: '2.0.0',
    dev: true,
    optionalDependencies: { 'x-linux-x64-musl': '2.0.0' },
  };

  it('names a package that is not in the lock', () => {
    expect(missingEntries({ packages: { 'node_modules/x': parent } })).toEqual({
      'node_modules/x-linux-x64-musl': {
        version: '2.0.0',
        cpu: ['x64'],
        dev: true,
        libc: ['musl'],
        optional: true,
        os: ['linux'],
      },
    });
  });

  it('places it below its parent where another version has the hoisted place', () => {
    const packages = {
      'node_modules/x': parent,
      'node_modules/x-linux-x64-musl': { version: '1.0.0' },
    };
    expect(Object.keys(missingEntries({ packages }))).toEqual([
      'node_modules/x/node_modules/x-linux-x64-musl',
    ]);
  });

  it('is content with a package that is there', () => {
    const packages = {
      'node_modules/x': parent,
      'node_modules/x-linux-x64-musl': { version: '2.0.0' },
    };
    expect(missingEntries({ packages })).toEqual({});
  });
});
