import { broken, committing, type Promises } from '../fixtures/broken.ts';

/** What stores promise of second factors. */
export const factorPromises: Promises = {
  'a second factor is written and deleted with its event': {
    checks: [
      'second factors: are absent before they are written, and for other actors and owners',
      'second factors: have the sequence of their event as version',
      'second factors: hold hostile text verbatim',
      'second factors: hold the longest text that is allowed',
      'second factors: are distinguished byte for byte',
      'second factors: are deleted, and no others are',
      'second factors: do not change through arguments and results',
    ],
    broken: {
      'keeps one second factor for an owner': broken(({ inner }) => ({
        view: (query) => inner.view('actorId' in query ? { ...query, actorId: 'one' } : query),
        commit: ({ factor, ...change }) =>
          inner.commit(factor ? { ...change, factor: { ...factor, actorId: 'one' } } : change),
      })),
      'counts the versions of a document': broken(({ inner }) => {
        let version = 0;
        return {
          commit: ({ factor, ...change }) => {
            const document = factor?.document && { ...factor.document, version: ++version };
            return inner.commit(factor ? { ...change, factor: { ...factor, document } } : change);
          },
        };
      }),
      'trims documents': documenting((value) => value.trim()),
      'cuts documents to 4,096 bytes': documenting((value) => value.slice(0, 4096)),
      'folds the case of actors': broken(({ inner }) => ({
        view: (query) =>
          inner.view(
            'actorId' in query ? { ...query, actorId: query.actorId.toLowerCase() } : query,
          ),
        commit: ({ factor, ...change }) => {
          const actorId = factor?.actorId.toLowerCase() ?? '';
          return inner.commit(factor ? { ...change, factor: { ...factor, actorId } } : change);
        },
      })),
      'deletes no document': committing(({ factor, ...change }) =>
        factor?.document === undefined ? change : { ...change, factor },
      ),
      'keeps the document that it was given': broken(({ inner, tables }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          const { owner, factor } = change;
          if (factor?.document) {
            tables.factors.set(JSON.stringify([owner, factor.actorId]), factor.document);
          }
          return result;
        },
      })),
    },
  },
};

function documenting(change: (value: string) => string) {
  return committing(({ factor, ...rest }) => {
    if (factor?.document === undefined) return factor ? { ...rest, factor } : rest;
    const document = { ...factor.document, value: change(factor.document.value) };
    return { ...rest, factor: { ...factor, document } };
  });
}
