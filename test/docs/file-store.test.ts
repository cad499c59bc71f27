import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the store of the guide', () => {
  it('is the one that passes the suite, in less than 120 lines', async () => {
    const store = await read('docs/examples/store/file-store.ts');
    expect(await read('docs/guide/stores.md')).toContain(`\`\`\`ts\n${store}\`\`\`\n`);
    expect(store.trimEnd().split('\n').length).toBeLessThan(120);
  });
});
