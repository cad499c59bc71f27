import { type RouteConfig, route } from '@react-router/dev/routes';

export default [
  route('me', './routes/me.ts'),
  route('api', './routes/api.ts', [
    route('orders', './routes/api.orders.ts'),
    route('plain', './routes/api.plain.ts'),
  ]),
] satisfies RouteConfig;
