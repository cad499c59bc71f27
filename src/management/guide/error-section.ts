import type { HttpRefusal } from '../../http/refusal.ts';
import { code, heading, paragraph } from './blocks.ts';
import type { Block, Line, Section } from './document.ts';
import type { Facts } from './facts.ts';

type Problem = 'unauthorized' | 'forbidden' | 'unavailable';

export function errorSection(facts: Facts): Section {
  const { line, plain } = facts;
  const problems: readonly Problem[] = [
    'unauthorized',
    ...(facts.scoped ? (['forbidden'] as const) : []),
    'unavailable',
  ];
  return {
    id: 'errors',
    title: plain('errors.title'),
    blocks: [
      ...paragraph(line('errors.text')),
      {
        kind: 'table',
        caption: plain('errors.table'),
        head: [
          plain('errors.status'),
          plain('errors.code'),
          plain('errors.meaning'),
          plain('errors.action'),
        ],
        rows: problems.map((problem) => [
          [{ kind: 'text', text: String(facts[problem].status) }],
          codeOf(facts[problem]),
          line(`${problem}.meaning`),
          line(`${problem}.action`),
        ]),
      },
      ...problems.flatMap((problem) => problemBlocks(facts, problem)),
    ],
  };
}

function problemBlocks(facts: Facts, problem: Problem): Block[] {
  const { line, plain } = facts;
  const refusal = facts[problem];
  const status = { kind: 'text', text: String(refusal.status) } as const;
  const listsScopes = problem === 'forbidden' && facts.scopes.length > 0;
  return [
    ...heading(`error-${problem}`, line(`${problem}.title`, { status })),
    ...paragraph(line(`${problem}.text`)),
    ...(listsScopes ? paragraph(line('forbidden.scopes')) : []),
    ...code(plain('errors.answer'), 'http', answerText(refusal)),
  ];
}

const REASONS: Readonly<Record<number, string>> = {
  400: ' Bad Request',
  401: ' Unauthorized',
  403: ' Forbidden',
  404: ' Not Found',
  503: ' Service Unavailable',
};

/** An answer as it goes over the wire; RFC 9112 §4 lets the reason phrase be missing. */
function answerText({ status, headers, body }: HttpRefusal): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status}${REASONS[status] ?? ''}`, ...lines, '', body].join('\n').trimEnd();
}

/** The `error` of a body. The refusal may be the host's own, with a body of another kind. */
function codeOf({ body }: HttpRefusal): Line {
  try {
    const { error } = JSON.parse(body) as { readonly error?: unknown };
    return typeof error === 'string' ? [{ kind: 'code', text: error }] : [];
  } catch {
    return [];
  }
}
