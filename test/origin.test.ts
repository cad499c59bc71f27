import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { originFaults } from './package/origin.ts';

const filled = {
  homepage: 'https://example.com/keywright#readme',
  repository: { url: 'git+https://example.com/keywright.git' },
  bugs: { url: 'https://example.com/keywright/issues' },
};
const empty = { homepage: '', repository: { url: '' }, bugs: { url: '' } };

describe('the origin of the package', () => {
  it('is checked before npm publishes', () => {
    expect(manifest.scripts.prepublishOnly).toBe('node test/package/origin.ts');
  });

  it('is filled in as a whole or not at all', () => {
    expect([0, originFaults(empty, undefined).length]).toContain(
      originFaults(manifest, undefined).length,
    );
  });
});

describe('originFaults', () => {
  it('names every field that is not filled in', () => {
    const faults = originFaults(empty, undefined);
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'homepage',
      'bugs.url',
      'repository.url',
    ]);
  });

  it('accepts three addresses', () => {
    expect(originFaults(filled, undefined)).toEqual([]);
    expect(originFaults(filled, 'https://example.com/keywright')).toEqual([]);
  });

  it('refuses a repository other than the one that publishes', () => {
    const faults = originFaults(filled, 'https://example.com/fork');
    expect(faults).toEqual([expect.stringContaining('git+https://example.com/fork.git')]);
  });

  it('refuses addresses without encryption', () => {
    const plain = { ...filled, homepage: 'http://example.com' };
    expect(originFaults(plain, undefined)).toHaveLength(1);
  });
});
