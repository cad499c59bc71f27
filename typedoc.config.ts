import {
  type Application,
  Converter,
  OptionDefaults,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type TypeDocOptions,
} from 'typedoc';
import { entries } from './entries.config.ts';

/** Pages beside the reference, as globs, in the order in which the site lists them. */
const documents = [
  'docs/how-it-works.md',
  'docs/guide/**/*.md',
  'docs/threat-model.md',
  'docs/comparison.md',
  'SECURITY.md',
  'CHANGELOG.md',
];

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
  'NodeRedisClient',
  'PGliteDatabase',
  'PGliteTransaction',
  'PostgresClient',
  'PostgresPool',
  'SqliteDatabase',
  'SqliteStatement',
];

/** Named in signatures and nowhere by users, who have an object of that shape or write it in place. */
const UNNAMED = [
  // Of the host's framework or driver, as far as the library uses it.
  'AnyRequest',
  'FastifyReplyLike',
  'FastifyScope',
  'HeaderSource',
  'HonoContext',
  'HookRequest',
  'src/management/bridge/koa.ts:KoaContext',
  'ListenClient',
  'NestContext',
  'NodeRequest',
  'NodeResponse',
  'WebRequest',
  // Parts of types that are exported.
  'ACTIVITY_ACTIONS',
  'AnyPrincipal',
  'AuthorizerContext',
  'AuthorizerForm',
  'AuthorizerResult',
  'GuardKeys',
  'GuardOptions',
  'MaybePromise',
  'NewKeyFields',
  'NewKeyMetadata',
  'Operation',
  'Refused',
  'SchemaResult',
  'STATUS',
  'src/management/dashboard/texts.ts:TEXTS',
];

/** Modules bear the names by which they are imported, and pages their first heading. */
function ownNames({ converter }: Application): void {
  converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, page) => {
    const title = /^# (.+)$/m.exec(page.content[0]?.text ?? '')?.[1];
    if (title !== undefined) page.name = title;
  });
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
    options.setValue('intentionallyNotDocumented', uncommented(project));
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

const options: Partial<TypeDocOptions> = {
  name: 'Keywright',
  includeVersion: true,
  tsconfig: 'tsconfig.docs.json',
  // `npm run typecheck` has checked them, each under the settings of its own runtime.
  skipErrorChecking: true,
  entryPoints: entries.map(({ source }) => source),
  sortEntryPoints: false,
  projectDocuments: documents,
  plugin: [ownNames, foreignMembers],
  out: 'docs/api',
  router: 'structure',
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'http', 'mermaid', 'sql'],
  disableSources: true,
  excludePrivate: true,
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
