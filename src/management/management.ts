import { checkId } from '../service/arguments.ts';
import { headOf, refusalAnswer, staticAnswer } from './answer.ts';
import { readBody } from './body.ts';
import { Capacity } from './capacity.ts';
import { dashboardPages } from './dashboard-page.ts';
import { guidePages } from './guide/guide-pages.ts';
import { openApiDocument } from './openapi.ts';
import { checkPath, type ManagementOptions, type Settings, settingsOf } from './options.ts';
import { page } from './pages.ts';
import { assertNoToken } from './pasted-token.ts';
import { notFound, Refusal, refusalOf } from './refusal.ts';
import { plainUrl } from './request-address.ts';
import type { Route } from './route.ts';
import { type Locate, type Place, pathNotFound, router } from './router.ts';
import { activityRoutes } from './routes/activity.ts';
import { changeKeyRoutes } from './routes/change-keys.ts';
import { issueKeyRoutes } from './routes/issue-keys.ts';
import { readKeyRoutes } from './routes/read-keys.ts';
import { secondFactorRoutes } from './routes/second-factor.ts';
import { sessionRoutes } from './routes/session.ts';
import { assertNoKey, assertSameSite } from './safety.ts';
import { assertAllowed, readSession } from './session.ts';
import { assertSteppedUp, type GuardedAction } from './step-up.ts';

/** A handler that takes a Web `Request`. It answers every request and never rejects. */
export interface MountedHandler {
  (request: Request): Promise<Response>;
  /** The path at which the handler is mounted, as requests contain it. */
  readonly basePath: string;
}

/** The handler that {@link createManagement} returns. */
export interface Management extends MountedHandler {
  /**
   * Returns the same handler for a router that adds a prefix to all its paths. Both handlers share
   * their counts of keys and their idempotency.
   *
   * @param prefix a path such as `/admin`, placed before `basePath`
   * @throws KeywrightError `invalid_argument` if the prefix is not such a path.
   */
  under(prefix: string): Management;
}

/**
 * Creates a handler that manages keys over HTTP, for people who are signed in to your application.
 * Mount it under any path of any framework, directly or through one of the bridges.
 *
 * Only `authorize` decides who acts and for which owner. A key of another owner gets the same
 * response as an unknown key.
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
  return mount(settings, routesOf(settings));
}

function mount(settings: Settings, routes: readonly Route[]): Management {
  const { basePath, publicPath = basePath } = settings;
  const seen = { ...settings, basePath: publicPath };
  const openApi = JSON.stringify(openApiDocument(seen, routes));
  const pages = [
    ...dashboardPages(seen),
    ...guidePages(seen),
    page('/openapi.json', 'application/json; charset=utf-8', openApi),
  ];
  const locate = router(basePath, pages, routes);

  const handle = async (request: Request): Promise<Response> => {
    let answer: Response;
    try {
      answer = await answerTo(request, settings, locate);
    } catch (error) {
      const refusal = refusalOf(error);
      const { cause } = refusal.details;
      if (cause !== undefined) settings.reportError(cause, request);
      answer = refusalAnswer(refusal);
    }
    return request.method === 'HEAD' ? headOf(answer) : answer;
  };
  return Object.assign(handle, {
    basePath,
    under(prefix: string) {
      const below = checkPath(prefix, 'prefix') + basePath;
      return mount({ ...settings, basePath: below }, routes);
    },
  });
}

function routesOf(settings: Settings): readonly Route[] {
  const capacity = new Capacity(settings.quota);
  return [
    ...sessionRoutes(settings),
    ...readKeyRoutes(settings),
    ...issueKeyRoutes(settings, capacity),
    ...changeKeyRoutes(settings, capacity),
    ...activityRoutes(settings),
    ...secondFactorRoutes(settings),
  ];
}

/**
 * Handles a request. Cheap checks run first and the second factor last: a code works once, and must
 * not be used up by a request that is refused anyway.
 */
async function answerTo(request: Request, settings: Settings, locate: Locate): Promise<Response> {
  const { keys, authorize, origins, stepUp, findsToken } = settings;
  // Some servers route by the target as it was sent. Refuse one that the URL parser changes.
  const url = plainUrl(request.url);
  if (url === undefined) throw pathNotFound();
  const place = locate(url.pathname);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (place.page !== undefined && method === 'GET') {
    return staticAnswer(
      request,
      'render' in place.page ? await place.page.render(url.origin) : place.page,
    );
  }
  const route = place.routes.get(method);
  if (route === undefined) throw wrongMethod(place);
  const changes = method !== 'GET';
  if (changes) assertSameSite(request, url, origins);
  assertNoKey(request, findsToken);
  const session = await readSession(authorize, request);
  assertAllowed(session, route.action);
  const confirm = (action: GuardedAction) => assertSteppedUp(stepUp, request, session, action);
  const body = changes ? await readBody(request) : {};
  assertNoToken(findsToken, [...partsOf(place, url), ...Object.entries(body ?? {})]);
  const work = route.prepare({
    request,
    session,
    keys: keys.forOwner(session.owner),
    id: keyIdOf(place),
    confirm,
    query: url.searchParams,
    body,
  });
  if (route.stepUp !== undefined) await confirm(route.stepUp);
  return work();
}

/** The id in the path and the query parameters, by name. */
function partsOf({ id }: Place, { searchParams }: URL): (readonly [string, string])[] {
  return [...(id === undefined ? [] : [['id', id] as const]), ...searchParams];
}

/** The id in the path. An id that no key can have is treated as unknown. */
function keyIdOf({ id }: Place): string {
  try {
    return id === undefined ? '' : checkId(id);
  } catch {
    throw notFound();
  }
}

/** RFC 9110 §15.5.6: the response lists the allowed methods. */
function wrongMethod({ page: found, routes }: Place): Refusal {
  const methods = found === undefined ? [...routes.keys()] : ['GET'];
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return new Refusal('method_not_allowed', `Use ${methods.join(' or ')}.`, {
    headers: { Allow: allowed.join(', ') },
  });
}
