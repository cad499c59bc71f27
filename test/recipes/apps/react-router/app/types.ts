import type { Route as Orders } from './routes/+types/api.orders.ts';
import type { Route as Api } from './routes/+types/api.ts';
import type { Route as Me } from './routes/+types/me.ts';
import { action } from './routes/api.orders.ts';
import { middleware } from './routes/api.ts';
import { loader } from './routes/me.ts';

/** What React Router takes of these modules, by the types that it has made for each of them. */
export const taken: {
  loader: (args: Me.LoaderArgs) => unknown;
  action: (args: Orders.ActionArgs) => unknown;
  middleware: Api.MiddlewareFunction[];
} = { loader, action, middleware };
