import { jsonAnswer } from '../answer.ts';
import type { Settings } from '../options.ts';
import { type Route, route } from '../route.ts';
import type { Session } from '../session.ts';
import { SESSION } from '../shapes.ts';
import { type StepUp, secondFactor } from '../step-up.ts';
import { variableName } from '../variable-name.ts';

/** The route that tells a page who is signed in, and what it can offer them. */
export function sessionRoutes({ keys, quota, brand, texts, stepUp }: Settings): Route[] {
  const { environments } = keys.format;
  return [
    route({
      method: 'GET',
      path: '/api/session',
      operationId: 'getSession',
      summary: 'Read what the session is and may do',
      answer: { status: 200, description: 'The session.', schema: SESSION },
      async handle({ session }) {
        const factor = stepUp && (await describeFactor(stepUp, session));
        return jsonAnswer(200, {
          ...session,
          environments,
          quota,
          brand: { ...brand, variable: variableName(brand.name) },
          texts,
          secondFactor: factor,
        });
      },
    }),
  ];
}

async function describeFactor(stepUp: StepUp, session: Session) {
  const status = await secondFactor(() => stepUp.status?.(session));
  return {
    operations: Object.keys(stepUp.operations ?? {}),
    enrolled: status?.enrolled ?? false,
    recoveryCodesLeft: status?.recoveryCodesLeft,
  };
}
