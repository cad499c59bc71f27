import { registerHooks } from 'node:module';
import { entries } from '../../entries.config.ts';

/** Preloaded into processes that run snippets: `keywright` is this project, built or not. */
const built = process.env.KEYWRIGHT_DIST === '1';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const entry = entries.find((candidate) => candidate.specifier === specifier);
    if (entry === undefined) return nextResolve(specifier, context);
    const file = built ? `dist/${entry.output}.js` : entry.source;
    return nextResolve(new URL(`../../${file}`, import.meta.url).href, context);
  },
});
