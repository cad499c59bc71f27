import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Snippet } from './snippets.ts';

/** A snippet, or a file that others import by its path. */
type Checked = Snippet & { readonly path?: string };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Where the compiler finds snippets, though none is written. */
const FOLDER = `${ROOT}test/docs/snippets`;

/** The compiler's complaints about snippets, under the project's own settings. */
export function complaintsAbout(snippets: readonly Checked[]): string[] {
  const read = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT);
  // Nest is built of them. The project itself has none.
  options.experimentalDecorators = true;
  const files = new Map(
    snippets.map(({ code, path }, i) => [`${FOLDER}/${path ?? `snippet-${i}.ts`}`, code]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, directoryExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.directoryExists = (name) => name.startsWith(FOLDER) || (directoryExists?.(name) ?? true);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, languageVersion) => {
    const code = files.get(name);
    return code === undefined
      ? getSourceFile(name, languageVersion)
      : ts.createSourceFile(name, code, languageVersion);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name, i) => {
    const source = program.getSourceFile(name);
    return ts.getPreEmitDiagnostics(program, source).map(({ messageText }) => {
      return `${snippets[i]?.name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}
