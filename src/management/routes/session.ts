import { checkBoolean } from '../../service/arguments.ts';
import { jsonAnswer } from '../answer.ts';
import type { Settings } from '../options.ts';
import { type Route, route } from '../route.ts';
import type { Session } from '../session.ts';
import { SESSION } from '../shapes.ts';
import { type StepUp, secondFactor } from '../step-up.ts';
import { tokenPattern } from '../token-pattern.ts';
import { variableName } from '../variable-name.ts';

/** The route that tells the dashboard who is signed in and what they may do. */
export function sessionRoutes(settings: Settings): Route[] {
  const { keys, legacyPatterns, quota, brand, texts, stepUp, signInUrl, defaultExpiryMs } =
    settings;
  const { environments } = keys.format;
  const patterns = [tokenPattern(keys.format), ...legacyPatterns];
  return [
    route({
      method: 'GET',
      path: '/api/session',
      operationId: 'getSession',
      summary: 'Read the session and what it may do',
      answer: { status: 200, description: 'The session.', schema: SESSION },
      async handle({ session }) {
        const factor = stepUp && (await describeFactor(stepUp, session));
        const { metadata: _, ...shown } = session;
        return jsonAnswer(200, {
          ...shown,
          environments,
          quota,
          usageFlushMs: keys.usageFlushMs,
          requiresMetadata: await keys.requiresMetadata(),
          defaultExpiryMs,
          brand: { ...brand, variable: variableName(brand.name) },
          texts,
          tokenPattern: patterns.join('|'),
          signInUrl,
          secondFactor: factor,
        });
      },
    }),
  ];
}

async function describeFactor(stepUp: StepUp, session: Session) {
  const status = await secondFactor(async () => {
    const given = (await stepUp.status?.(session)) ?? { enrolled: false };
    checkBoolean(given.enrolled, 'status(): enrolled');
    return given;
  });
  return {
    operations: Object.keys(stepUp.operations ?? {}),
    enrolled: status.enrolled,
    recoveryCodesLeft: status.recoveryCodesLeft,
  };
}
