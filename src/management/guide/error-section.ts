import type { HttpRefusal } from '../../http/refusal.ts';
import type { Section } from './document.ts';
import type { Facts } from './facts.ts';
import { textValue } from './line.ts';
import { blocks, code, codeSpan, table } from './markdown.ts';

type Problem = 'unauthorized' | 'forbidden' | 'unavailable';

export function errorSection(facts: Facts): Section {
  const { line, plain } = facts;
  const problems: readonly Problem[] = [
    'unauthorized',
    ...(facts.scoped ? (['forbidden'] as const) : []),
    'unavailable',
  ];
  const overview = table(
    [plain('errors.status'), plain('errors.code'), plain('errors.meaning'), plain('errors.action')],
    problems.map((problem) => [
      String(facts[problem].status),
      codeOf(facts[problem]),
      line(`${problem}.meaning`),
      line(`${problem}.action`),
    ]),
  );
  return {
    id: 'errors',
    title: line('errors.title'),
    body: blocks(line('errors.text'), overview),
    parts: problems.map((problem) => problemPart(facts, problem)),
  };
}

function problemPart(facts: Facts, problem: Problem): Section {
  const { line, plain } = facts;
  const refusal = facts[problem];
  const listsScopes = problem === 'forbidden' && facts.scopes.length > 0;
  return {
    id: `error-${problem}`,
    title: line(`${problem}.title`, { status: textValue(String(refusal.status)) }),
    body: blocks(
      line(`${problem}.text`),
      listsScopes ? line('forbidden.scopes') : '',
      // A sample needs the name of a scope, so there is none without a list of scopes.
      problem === 'forbidden' && !listsScopes
        ? ''
        : code(plain('errors.answer'), 'http', answerText(refusal)),
    ),
  };
}

const REASONS: Readonly<Record<number, string>> = {
  400: ' Bad Request',
  401: ' Unauthorized',
  403: ' Forbidden',
  404: ' Not Found',
  503: ' Service Unavailable',
};

/** The text of an HTTP response. RFC 9112 §4 makes the reason phrase optional. */
function answerText({ status, headers, body }: HttpRefusal): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status}${REASONS[status] ?? ''}`, ...lines, '', body].join('\n').trimEnd();
}

/** The `error` of a body. The application may have its own refusal, with a body of another kind. */
function codeOf({ body }: HttpRefusal): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: unknown };
    return typeof error === 'string' ? codeSpan(error) : '';
  } catch {
    return '';
  }
}
