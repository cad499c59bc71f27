import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ask, promisedOutput, run, type Snippet, snippetsOf } from './snippets.ts';
import { complaintsAbout } from './type-check.ts';

const guides = await readdir(new URL('../../docs/guide', import.meta.url), { recursive: true });
const pages = guides.filter((name) => name.endsWith('.md')).map((name) => `docs/guide/${name}`);
const snippets = (await Promise.all(['README.md', ...pages].map(snippetsOf))).flat();
const [first] = snippets as [Snippet, ...Snippet[]];
const isServer = ({ code }: Snippet) => code.includes('3000');

describe('the snippets of the README and the guides', () => {
  it('finds the snippets', () => {
    expect(snippets.length).toBeGreaterThan(5);
  });

  it('pass the type check', () => {
    expect(complaintsAbout(snippets)).toEqual([]);
  });

  it('fails the type check with a mistake', () => {
    const wrong = { name: 'wrong', code: first.code.replace("name: 'Zapier", "nome: 'Zapier") };
    expect(complaintsAbout([wrong]).join()).toContain("'nome' does not exist");
  });

  it.each(snippets.filter((snippet) => !isServer(snippet)))(
    '$name runs, and prints what it says',
    async (snippet) => {
      const running = await run(snippet);
      const code = await running.ended;
      await running.stop();
      expect(code, running.output()).toBe(0);
      // Node breaks long objects into lines, which a comment cannot.
      const output = running.output().replace(/\s+/g, ' ');
      for (const promised of promisedOutput(snippet)) expect(output).toMatch(promised);
    },
  );

  it.each(snippets.filter(isServer))(
    '$name serves, and refuses who has no key',
    async (snippet) => {
      const running = await run(snippet);
      try {
        const response = await ask(running, '/api/v1/me');
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
        expect(await response.json()).toMatchObject({ error: 'unauthorized' });
      } finally {
        await running.stop();
      }
    },
  );

  it('shows a curl line first that works', async () => {
    const running = await run(first);
    try {
      await ask(running, '/');
      const { stdout } = await promisify(execFile)('sh', ['-c', `${running.output().trim()} -s`]);
      expect(stdout).toBe('Hello, org_acme\n');
    } finally {
      await running.stop();
    }
  });
});
