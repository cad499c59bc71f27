import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../.github/workflows/', import.meta.url);
const workflows = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(new URL(name, FOLDER), 'utf8'),
}));

/** An action of somebody, by the commit, with the version that a person knows it by. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** What runs in a workflow besides its own commands. */
function actionsOf(text: string): string[] {
  return [...text.matchAll(/^\s*(?:- )?uses: *(.+)$/gm)].map(([, action = '']) => action.trim());
}

/** The text of each job, by its name. */
function jobsOf(text: string): Map<string, string> {
  const jobs = text.slice(text.search(/^jobs:$/m));
  const blocks = jobs.split(/^(?= {2}[\w-]+:$)/m).slice(1);
  return new Map(blocks.map((block) => [block.slice(2, block.indexOf(':')), block]));
}

/** What a job may do with the identity of the workflow: `contents: read`. */
function permissionsOf(job: string): string[] | undefined {
  const [, listed] = /^ {4}permissions:\n((?: {6}.+\n)+)/m.exec(job) ?? [];
  return listed?.trim().split(/\n\s*/);
}

describe.each(workflows)('the workflow $name', ({ text }) => {
  it('runs actions by their commit, and names their version', () => {
    expect(actionsOf(text)).not.toEqual([]);
    expect(actionsOf(text).filter((action) => !PINNED.test(action))).toEqual([]);
  });

  it('names one commit for one version of an action', () => {
    const commits = new Map<string, Set<string>>();
    for (const action of actionsOf(text)) {
      const [, name = '', commit = '', version = ''] = /^(.+)@(.+) # (.+)$/.exec(action) ?? [];
      const known = commits.get(`${name} ${version}`) ?? new Set();
      commits.set(`${name} ${version}`, known.add(commit));
    }
    expect([...commits].filter(([, known]) => known.size > 1)).toEqual([]);
  });

  it('has no permission but those that a job asks for', () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    for (const [, job] of jobsOf(text)) expect(permissionsOf(job)).toBeDefined();
  });

  it('leaves no token in the checkout, and has no secret', () => {
    const checkouts = text.split('actions/checkout@').length - 1;
    expect(text.split('persist-credentials: false').length - 1).toBe(checkouts);
    expect(text).not.toContain('secrets.');
  });

  it('puts nothing that others write into a shell', () => {
    const commands = text.match(/^\s*(?:- )?run: (?:\|\n(?:\s+.*\n)+?(?=\s*- |\S)|.+\n)/gm) ?? [];
    expect(commands).not.toEqual([]);
    expect(commands.join('')).not.toContain('${{');
  });

  it('ends by itself', () => {
    for (const [, job] of jobsOf(text)) expect(job).toMatch(/^ {4}timeout-minutes: \d+$/m);
  });
});

describe('the checks of workflows', () => {
  it('rejects a tag, a short commit and a commit without a version', () => {
    const commit = 'a'.repeat(40);
    expect(`actions/checkout@${commit} # v6.0.2`).toMatch(PINNED);
    for (const action of [
      'actions/checkout@v6',
      'actions/checkout@aaaaaaa # v6.0.2',
      `actions/checkout@${commit}`,
      `actions/checkout@${commit} # v6`,
    ]) {
      expect(action).not.toMatch(PINNED);
    }
  });

  it('finds a job without its own permissions', () => {
    const text = 'jobs:\n  a:\n    permissions:\n      contents: read\n  b:\n    steps:\n';
    expect([...jobsOf(text)].map(([name, job]) => [name, permissionsOf(job)])).toEqual([
      ['a', ['contents: read']],
      ['b', undefined],
    ]);
  });
});

describe('publishing', () => {
  const { text } = workflows.find(({ name }) => name === 'publish.yml') as { text: string };
  const jobs = jobsOf(text);

  it('gives the identity of the workflow to the job that publishes alone', () => {
    expect([...jobs.keys()]).toEqual(['pack', 'publish']);
    expect(permissionsOf(jobs.get('pack') as string)).toEqual(['contents: read']);
    expect(permissionsOf(jobs.get('publish') as string)).toEqual([
      'id-token: write',
      'attestations: write',
    ]);
  });

  it('runs no code of dependencies where that identity is', () => {
    expect(jobs.get('publish')).not.toMatch(/npm (?:ci|install|run|test)|actions\/checkout/);
  });

  it('states where the package comes from, and what is in it', () => {
    expect(jobs.get('publish')).toContain('npm publish --provenance');
    expect(jobs.get('pack')).toContain('run: node test/package/origin.ts');
    expect(jobs.get('pack')).toContain('npm sbom');
  });
});

describe('the gate', () => {
  const { text } = workflows.find(({ name }) => name === 'ci.yml') as { text: string };
  const run = readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8');

  it('runs every script of .ci/run, each once', () => {
    const scripts = [...run.matchAll(/^(?:check|suite) npm (?:run )?([\w:-]+)/gm)]
      .map(([, script = '']) => script)
      .filter((script) => script !== 'ci');
    const [, list = ''] = /^ {8}scripts:\n((?: {10}- .+\n)+)/m.exec(text) ?? [];
    const parts = list.split('\n').flatMap((line) => line.replace(/^ *- /, '').split(' '));
    expect(scripts.length).toBeGreaterThan(10);
    expect(parts.filter(Boolean).sort()).toEqual(scripts.sort());
  });
});

describe('the nightly run', () => {
  const { text } = workflows.find(({ name }) => name === 'nightly.yml') as { text: string };
  const nightly = readFileSync(new URL('../../.ci/nightly', import.meta.url), 'utf8');

  it('has a machine for every job of .ci/nightly', () => {
    const jobs = [...nightly.matchAll(/^job (\w+) \d+ npm run/gm)].map(([, name]) => name);
    const [, list = ''] = /^ {8}job: \[(.+)\]$/m.exec(text) ?? [];
    expect(jobs.length).toBeGreaterThan(5);
    expect(list.split(', ')).toEqual(jobs);
  });
});
