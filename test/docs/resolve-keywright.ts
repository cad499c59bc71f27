import { registerHooks } from 'node:module';
import { DASHBOARD, dashboardModule } from '../../dashboard.config.ts';
import { entries } from '../../entries.config.ts';

/** Preloaded into processes that run snippets: `keywright` is this project, built or not. */
const built = process.env.KEYWRIGHT_DIST === '1';

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === DASHBOARD) return { url: DASHBOARD, shortCircuit: true };
    const entry = entries.find((candidate) => candidate.specifier === specifier);
    if (entry === undefined) return nextResolve(specifier, context);
    const file = built ? `dist/${entry.output}.js` : entry.source;
    return nextResolve(new URL(`../../${file}`, import.meta.url).href, context);
  },
  load(url, context, nextLoad) {
    if (url !== DASHBOARD) return nextLoad(url, context);
    return { format: 'module', source: dashboardModule(), shortCircuit: true };
  },
});
