import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import manifest from '../../package.json' with { type: 'json' };
import consumer from './consumer/package.json' with { type: 'json' };
import { useEntry } from './use-entry.ts';

const compilers = Object.keys(consumer.devDependencies);
const guards = entries.filter(({ source }) => source.startsWith('src/guards/'));
const project = join(inject('full'), 'consumer');
const misspelt = ['guards', 'nest'].map((name) => ({
  file: `misspelt-${name}.ts`,
  text: readFileSync(`test/package/consumer/${name}.ts`, 'utf8').replaceAll(
    "requireScopes('orders:read')",
    "requireScopes('orders:raed')",
  ),
}));

/** The project of a user: all entries of the package in one program, in both module formats. */
beforeAll(() => {
  cpSync('test/package/consumer', project, { recursive: true });
  for (const { file, text } of misspelt) writeFileSync(join(project, file), text);
  for (const { specifier, output } of entries) {
    for (const extension of ['mts', 'cts']) {
      const file = `entry-${output.replaceAll('/', '-')}.${extension}`;
      writeFileSync(join(project, file), useEntry(specifier));
    }
  }
});

/**
 * What a compiler says to the project and to the declarations of the package. Declarations of the peers
 * are left out: those of Elysia, h3, hapi and others do not pass `skipLibCheck: false` by themselves.
 */
function errorsOf(compiler: string): string[] {
  const tsc = join(inject('full'), 'node_modules', compiler, 'bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], {
    cwd: project,
    encoding: 'utf8',
  });
  const found = stdout.match(/^(?:\S.*: )?error TS\d+: .*$/gm) ?? [];
  if (found.length === 0) throw new Error(`the compiler found no error at all: ${stdout}${stderr}`);
  return found.filter(
    (line) => !line.includes('node_modules/') || line.includes(`node_modules/${manifest.name}/`),
  );
}

describe('the compilers', () => {
  it('are those of TypeScript 5.9, 6 and 7', () => {
    const versions = compilers.map((compiler) => {
      const file = join(inject('full'), 'node_modules', compiler, 'package.json');
      return JSON.parse(readFileSync(file, 'utf8')).version as string;
    });
    const wanted = [/^5\.9\./, /^6\./, /^7\./].map((version) => expect.stringMatching(version));
    expect(versions).toEqual(wanted);
  });
});

describe.each(compilers)('%s', (compiler) => {
  let errors: string[];
  beforeAll(() => {
    errors = errorsOf(compiler);
  }, 600_000);

  it('compiles a project that uses every entry, strict and with exactOptionalPropertyTypes', () => {
    expect(errors.filter((line) => !line.startsWith('misspelt-'))).toEqual([]);
  });

  it('refuses a misspelt scope in the guard of every framework', () => {
    const places = misspelt.flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, i) => (line.includes('orders:raed') ? [`${file}(${i + 1})`] : [])),
    );
    expect(places).toHaveLength(guards.length);
    const refused = errors
      .filter((line) => line.includes(`'"orders:raed"' is not assignable`))
      .map((line) => line.replace(/,\d+\): .*/, ')'));
    expect(refused.sort()).toEqual(places.sort());
  });
});
