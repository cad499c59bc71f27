import { checkId } from '../service/arguments.ts';
import { headOf, refusalAnswer, staticAnswer } from './answer.ts';
import { readBody } from './body.ts';
import { dashboardPages } from './dashboard-page.ts';
import { guidePages } from './guide/guide-pages.ts';
import { openApiDocument } from './openapi.ts';
import { type ManagementOptions, type Settings, settingsOf } from './options.ts';
import { page } from './pages.ts';
import { notFound, Refusal, refusalOf } from './refusal.ts';
import type { Route } from './route.ts';
import { type Locate, type Place, router } from './router.ts';
import { activityRoutes } from './routes/activity.ts';
import { changeKeyRoutes } from './routes/change-keys.ts';
import { issueKeyRoutes } from './routes/issue-keys.ts';
import { readKeyRoutes } from './routes/read-keys.ts';
import { secondFactorRoutes } from './routes/second-factor.ts';
import { sessionRoutes } from './routes/session.ts';
import { assertNoKey, assertSameSite } from './safety.ts';
import { admit, assertAllowed } from './session.ts';
import { assertSteppedUp } from './step-up.ts';

/** A handler on Web standards. It answers every request and never rejects. */
export interface Management {
  (request: Request): Promise<Response>;
  /** The path that it is mounted under. */
  readonly basePath: string;
}

/**
 * Management of keys over HTTP, for people whom the host has signed in: mount it under any path of
 * any framework, as it is or with one of the bridges.
 *
 * Who acts, and for which owner, says `authorize` and nothing else. A key of another owner answers
 * as an unknown one does.
 *
 * @example
 * ```ts
 * const management = createManagement({
 *   keys,
 *   basePath: '/app/api-keys',
 *   authorize: async (request) => {
 *     const user = await userOf(request);
 *     return user && { actor: { id: user.id }, owner: user.organization, actions: ALL_ACTIONS };
 *   },
 * });
 * const response = await management(new Request('https://example.com/app/api-keys/api/keys'));
 * ```
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function createManagement(options: ManagementOptions): Management {
  const settings = settingsOf(options);
  const routes = routesOf(settings);
  const openApi = JSON.stringify(openApiDocument(settings, routes));
  const pages = [
    ...dashboardPages(settings),
    ...guidePages(settings),
    page('/openapi.json', 'application/json; charset=utf-8', openApi),
  ];
  const locate = router(settings.basePath, pages, routes);

  const handle = async (request: Request): Promise<Response> => {
    let answer: Response;
    try {
      answer = await answerTo(request, settings, locate);
    } catch (error) {
      const refusal = refusalOf(error);
      const { cause } = refusal.details;
      if (cause !== undefined) settings.tell(cause, request);
      answer = refusalAnswer(refusal);
    }
    return request.method === 'HEAD' ? headOf(answer) : answer;
  };
  return Object.assign(handle, { basePath: settings.basePath });
}

function routesOf(settings: Settings): readonly Route[] {
  return [
    ...sessionRoutes(settings),
    ...readKeyRoutes(settings),
    ...issueKeyRoutes(settings),
    ...changeKeyRoutes(settings),
    ...activityRoutes(settings),
    ...secondFactorRoutes(settings),
  ];
}

/**
 * The one way from a request to an answer. What costs nothing comes first, and a second factor last:
 * its code is good once, and must not be spent on a request that is refused anyway.
 */
async function answerTo(request: Request, settings: Settings, locate: Locate): Promise<Response> {
  const { keys, authorize, origins, stepUp } = settings;
  const url = new URL(request.url);
  const place = locate(url.pathname);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (place.page !== undefined && method === 'GET') {
    return staticAnswer(request, 'made' in place.page ? await place.page.made() : place.page);
  }
  const route = place.routes.get(method);
  if (route === undefined) throw wrongMethod(place);
  const changes = method !== 'GET';
  if (changes) assertSameSite(request, url, origins);
  assertNoKey(request, keys.format);
  const session = await admit(authorize, request);
  assertAllowed(session, route.action);
  const work = route.prepare({
    request,
    session,
    keys: keys.forOwner(session.owner),
    id: keyIdOf(place),
    query: url.searchParams,
    body: changes ? await readBody(request) : {},
  });
  await assertSteppedUp(stepUp, request, session, route.stepUp);
  return work();
}

/** The id that the path names. One that no key can have is one that no key has. */
function keyIdOf({ id }: Place): string {
  try {
    return id === undefined ? '' : checkId(id);
  } catch {
    throw notFound();
  }
}

/** RFC 9110 §15.5.6: with the methods that there are. */
function wrongMethod({ page: found, routes }: Place): Refusal {
  const methods = found === undefined ? [...routes.keys()] : ['GET'];
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return new Refusal('method_not_allowed', `Use ${methods.join(' or ')}.`, {
    headers: { Allow: allowed.join(', ') },
  });
}
