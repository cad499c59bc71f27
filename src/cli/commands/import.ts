import { extname } from 'node:path';
import { Option } from 'commander';
import { type ImportProblem, type ImportRow, importKeys } from 'keywright/import';
import { addByOptions, addCommand, type Register } from '../command.ts';
import { EXIT } from '../errors.ts';
import { note, plain, printJson, progress } from '../output.ts';
import { ROW_FORMATS, type RowFormat, readRows } from '../rows.ts';
import { type ByOptions, byOf, withSession } from '../session.ts';

interface ImportOptions extends ByOptions {
  readonly format?: RowFormat;
}

export const importFile: Register = (program, exitWith) => {
  const command = addCommand<ImportOptions>(program, {
    name: 'import <file>',
    summary: 'Import keys of another system by their digests; "-" reads standard input.',
    action: ({ options, args: [file = '-'] }) =>
      withSession(options, async ({ keys, config }) => {
        const { format = extname(file).toLowerCase() === '.csv' ? 'csv' : 'jsonl' } = options;
        const counter = progress('rows read');
        // The import checks the rows itself.
        const rows = readRows(file, format) as AsyncIterable<ImportRow>;
        const { problems, ...counts } = await importKeys(keys, rows, {
          ...byOf(options, config),
          onProgress: ({ read }) => counter.update(read),
          onProblem: (problem) => {
            if (options.json) return;
            counter.end();
            note(problemText(problem));
          },
        }).finally(() => counter.end());
        const { imported, present, different, invalid } = counts;
        if (options.json) printJson({ ...counts, problems });
        else {
          note(
            `${imported} imported, ${present} present, ${different} different, ${invalid} wrong`,
          );
        }
        if (different + invalid > 0) exitWith(EXIT.faulty);
      }),
  }).addOption(
    new Option(
      '--format <format>',
      'default: csv for a file with that extension, else jsonl',
    ).choices(ROW_FORMATS),
  );
  addByOptions(command);
};

function problemText(problem: ImportProblem): string {
  if (problem.kind === 'invalid') return `Row ${problem.row}: ${plain(problem.message)}`;
  const { row, keyId, fields } = problem;
  return `Row ${row}: ${plain(keyId)} has this digest and another ${fields.join(', ')}`;
}
