import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync, type Plugin as EsbuildPlugin } from 'esbuild';

/** The name by which the management handler imports the built dashboard. */
export const DASHBOARD = 'virtual:keywright-dashboard';

/** Browsers that have `light-dark()`, container queries and `@starting-style`'s generation. */
const TARGET = ['chrome125', 'firefox128', 'safari17.5'];

let built: string | undefined;

/**
 * A module with the dashboard as text: the handler has no file system, as it runs on Workers too.
 * Bundled once a process, and only where it is asked for.
 */
export function dashboardModule(): string {
  built ??= bundle();
  return built;
}

function bundle(): string {
  const source = (file: string) =>
    fileURLToPath(new URL(`src/management/dashboard/${file}`, import.meta.url));
  const { outputFiles } = buildSync({
    entryPoints: { script: source('index.ts'), style: source('page.css') },
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: TARGET,
  });
  const textOf = (extension: string) =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? '';
  const exported = (name: string, text: string) =>
    `export const ${name} = ${JSON.stringify(text)};`;
  return `${exported('script', withOwnPolicy(textOf('.js')))}\n${exported('style', textOf('.css'))}\n`;
}

/**
 * Gives the Trusted Types policy of the bundled Lit a name of its own: a page with its own Lit has taken
 * `lit-html`. A second copy of the bundle defines nothing and needs no policy.
 */
function withOwnPolicy(source: string): string {
  const own = source.replace(
    /\b(\w+)\.createPolicy\("lit-html",/,
    'customElements.get("keywright-keys")?void 0:$1.createPolicy("keywright",',
  );
  if (own === source) throw new Error('lit-html makes its Trusted Types policy in another way');
  return own;
}

/** For esbuild, and for tsup, which builds with it. */
export const dashboardForEsbuild: EsbuildPlugin = {
  name: DASHBOARD,
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${DASHBOARD}$`) }, () => ({
      path: DASHBOARD,
      namespace: 'keywright',
    }));
    build.onLoad({ filter: /.*/, namespace: 'keywright' }, () => ({
      contents: dashboardModule(),
      loader: 'js',
    }));
  },
};

/**
 * For the package's own `keywright/dashboard`: Lit as it is for Node, which is the same in a browser
 * and, where there is none, can be imported all the same. Pages that are made on a server do that.
 */
export const litForAnywhere: EsbuildPlugin = {
  name: 'lit-for-anywhere',
  setup(build) {
    build.onResolve(
      { filter: /^(?:lit|lit-html|lit-element|@lit\/.+|@lit-labs\/.+)(?:\/|$)/ },
      ({ path }) => ({
        path: fileURLToPath(import.meta.resolve(path)),
      }),
    );
    build.onLoad({ filter: /[\\/]lit-html\.js$/ }, ({ path }) => ({
      contents: withOwnPolicy(readFileSync(path, 'utf8')),
    }));
  },
};

/** For Vite, and for Vitest, which loads with it. */
export const dashboardForVite = {
  name: DASHBOARD,
  resolveId: (id: string) => (id === DASHBOARD ? `\0${DASHBOARD}` : undefined),
  load: (id: string) => (id === `\0${DASHBOARD}` ? dashboardModule() : undefined),
};
