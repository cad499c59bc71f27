import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { entries } from '../../../entries.config.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const OPTIONS_PAGE = 'docs/guide/reference/options.md';

/** The exported types whose members a caller writes, by what takes them, in the order of the page. */
const TAKEN_BY: Readonly<Record<string, string>> = {
  TokenFormatOptions: '`tokenFormat(options)`',
  ApiKeysOptions: '`createApiKeys(options)`',
  UnauthorizedOptions: '`unauthorized(options)`, and `unauthorized` of `createApiKeys`',
  LegacyFormatOptions: '`legacyFormat(options)`',
  NewKey: '`keys.create(key)`',
  RotateOptions: '`keys.rotate(id, options)`',
  ChangeOptions: '`keys.update(id, change, options)`',
  ActorOptions: 'Who changes something and why, for every change',
  RevokeOptions: '`keys.revoke(id, options)`',
  KeyFilter: '`keys.list(filter)`',
  ActivityFilter: '`keys.activity(filter)`',
  ApiKeyGuardOptions:
    '`app.register(apiKeyGuard, options)` of Fastify; without `keys`, of every guard',
  ApiKeyModuleOptions: '`ApiKeyModule.forRoot(options)` of Nest',
  AuthorizerOptions: '`apiKeyGuard(keys, options)` of Lambda',
  PostgresStoreOptions: '`postgresStore(pool, options)`',
  MysqlStoreOptions: '`mysqlStore(pool, options)`',
  SqlStoreOptions: '`sqliteStore(database, options)`',
  PGliteStoreOptions: '`pgliteStore(db, options)`',
  KyselyStoreOptions: '`kyselyStore(db, options)`',
  RedisStoreOptions: '`redisStore(client, options)`',
  CacheOptions: '`cachedStore(store, options)`',
  WatchRevocationOptions: '`watchRevocation(keys, options)`',
  KeyUseOptions: '`keyUse(keys, id, options)`',
  ImportOptions: '`importKeys(keys, rows, options)`',
  RevokeWhereOptions: '`revokeWhere(keys, filter, options)`',
  DeliverActivityOptions: '`deliverActivity(keys, deliver, options)`',
  ManagementOptions: '`createManagement(options)`',
  GuideOptions: '`guide` of `createManagement`',
  TotpOptions: '`createTotp(options)`',
  TestServiceOptions: '`testApiKeys(options)` and `authenticatedAs(caller, options)`',
};

/** Types that end in `Options` and that no caller writes. */
const NOT_WRITTEN = new Set(['PGliteQueryOptions']);

/** The page, made of the comments in the sources. */
export function optionsPage(): string {
  const types = exportedTypes();
  const missing = [...types.keys()].filter((name) => /Options$/.test(name) && !(name in TAKEN_BY));
  const unknown = missing.filter((name) => !NOT_WRITTEN.has(name));
  if (unknown.length > 0) throw new Error(`${OPTIONS_PAGE} has no place for ${unknown.join()}`);
  const tables = Object.entries(TAKEN_BY).map(([name, taker]) => {
    const found = types.get(name);
    if (found === undefined) throw new Error(`no entry exports ${name}`);
    return `## ${taker}\n\n\`${name}\` of \`${found.specifier}\`\n\n${found.table}\n`;
  });
  return `# Options

Every option with its unit and default. This page is generated from the comments in the source. Times are
milliseconds; moments are a \`Date\` or epoch milliseconds.

${tables.join('\n')}`;
}

interface Found {
  readonly specifier: string;
  readonly table: string;
}

function exportedTypes(): Map<string, Found> {
  const read = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT);
  const program = ts.createProgram(
    entries.map(({ source }) => ROOT + source),
    { ...options, incremental: false },
  );
  const checker = program.getTypeChecker();
  const found = new Map<string, Found>();
  for (const { source, specifier } of entries) {
    const file = program.getSourceFile(ROOT + source);
    const module = file && checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`${source} is no module`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol =
        exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (found.has(symbol.name) || !(symbol.flags & ts.SymbolFlags.Type)) continue;
      found.set(symbol.name, { specifier, table: tableOf(symbol, checker) });
    }
  }
  return found;
}

function tableOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const rows = checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .map((property) => {
      const text = ts.displayPartsToString(property.getDocumentationComment(checker));
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      return `| \`${property.name}\` | ${optional ? '' : 'yes'} | ${cell(text)} |`;
    });
  return ['| Option | Required | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Text of a comment in a cell of a table. */
function cell(text: string): string {
  return text
    .replace(/\{@link (\w+)\s*\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}

if (import.meta.main) writeFileSync(ROOT + OPTIONS_PAGE, optionsPage());
