import {
  type Application,
  Converter,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type TypeDocOptions,
} from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { entries } from './entries.config.ts';

/**
 * What the library uses of something that the host has. Their members are documented there, and are
 * listed here to be compared with it by TypeScript and not to be called.
 */
const FOREIGN = [
  'GuardedContext',
  'GuardedEvent',
  'IoRedisClient',
  'KoaContext',
  'MetadataSchema',
  'MysqlConnection',
  'MysqlPool',
  'MysqlPoolConnection',
  'MysqlQuery',
  'NodeRedisClient',
  'PGliteDatabase',
  'PGliteQueryOptions',
  'PGliteTransaction',
  'PostgresClient',
  'PostgresPool',
  'PostgresQuery',
  'SqliteDatabase',
  'SqliteStatement',
];

/** Named in signatures and nowhere by users, who have an object of that shape or write it in place. */
const UNNAMED = [
  // Of the host's framework or driver, as far as the library uses it.
  'AnyRequest',
  'ElysiaDerive',
  'FastifyReplyLike',
  'FastifyScope',
  'HeaderSource',
  'HonoContext',
  'HookRequest',
  'IoRedisPipeline',
  'src/management/bridge/koa.ts:KoaContext',
  'ListenClient',
  'NestContext',
  'NodeRequest',
  'NodeResponse',
  'NoticeListener',
  'WebRequest',
  // Parts of types that are exported.
  'ACTIVITY_ACTIONS',
  'AnyPrincipal',
  'Attribution',
  'Authenticated',
  'AuthorizerContext',
  'AuthorizerForm',
  'AuthorizerResult',
  'BindGuard',
  'Bound',
  'BoundGuard',
  'GuardKeys',
  'GuardOptions',
  'KEY_STATES',
  'Keys',
  'KeysSource',
  'MaybePromise',
  'NewKeyFields',
  'NewKeyMetadata',
  'Operation',
  'RequiredEnv',
  'SchemaResult',
  'STATUS',
  'src/management/texts/texts.ts:TEXTS',
  'Successor',
  'UnknownBindings',
];

/** Members that a class of the application's framework gives to one of ours. */
const INHERITED = [
  'keywright/nest.ApiKeyModule.forRoot',
  'keywright/nest.ApiKeyModule.forRootAsync',
];

/** Modules have the names by which they are imported. */
function ownNames({ converter }: Application): void {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      // TypeDoc leaves `/index` away.
      const outputs = [module.name, `${module.name}/index`];
      module.name =
        entries.find(({ output }) => outputs.includes(output))?.specifier ?? module.name;
    }
  });
}

/** Asks for no comment on what is {@link FOREIGN}. */
function foreignMembers({ converter, options }: Application): void {
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    options.setValue('intentionallyNotDocumented', [...uncommented(project), ...INHERITED]);
  });
}

function uncommented(project: ProjectReflection): string[] {
  return project
    .getReflectionsByKind(ReflectionKind.CallSignature)
    .filter(isOfForeign)
    .map((signature) => {
      const { parent } = signature;
      // Of a member that is written as a property, the property is what has a comment.
      return (parent?.kindOf(ReflectionKind.TypeLiteral) && parent.parent) || signature;
    })
    .filter((member) => !member.hasComment())
    .map((member) => member.getFriendlyFullName());
}

function isOfForeign({ parent }: Reflection): boolean {
  for (let owner = parent; owner; owner = owner.parent) {
    // What a member takes and gives needs no comment anyway.
    if (owner.kindOf(ReflectionKind.Parameter | ReflectionKind.CallSignature)) return false;
    if (owner.kindOf(ReflectionKind.Interface)) return FOREIGN.includes(owner.name);
  }
  return false;
}

const options: Partial<TypeDocOptions & PluginOptions & { docsRoot: string }> = {
  name: 'API reference',
  includeVersion: true,
  tsconfig: 'tsconfig.docs.json',
  // `npm run typecheck` has checked them, each under the settings of its own runtime.
  skipErrorChecking: true,
  entryPoints: entries.map(({ source }) => source),
  sortEntryPoints: false,
  readme: 'none',
  plugin: [ownNames, foreignMembers, 'typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  out: 'docs/api',
  docsRoot: '.',
  router: 'module',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  expandParameters: true,
  disableSources: true,
  excludePrivate: true,
  // What elements and errors inherit is documented elsewhere.
  excludeExternals: true,
  treatWarningsAsErrors: true,
  validation: {
    invalidLink: true,
    invalidPath: true,
    notDocumented: true,
    notExported: true,
    rewrittenLink: true,
    unusedMergeModuleWith: true,
  },
  intentionallyNotExported: UNNAMED,
  // All but properties: what `owner` and `limit` are is said by their type and by the one above them.
  requiredToBeDocumented: [
    'Accessor',
    'Class',
    'Enum',
    'EnumMember',
    'Function',
    'Interface',
    'Method',
    'TypeAlias',
    'Variable',
  ],
};

export default options;
