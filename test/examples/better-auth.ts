import type { DatabaseSync } from 'node:sqlite';
import { apiKey } from '@better-auth/api-key';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';

/** Better Auth with its API-key plugin, which makes its tables in the database and has one user. */
export async function betterAuthOn(database: DatabaseSync) {
  const options = {
    database,
    baseURL: 'http://localhost',
    secret: 'a secret of the tests, of no use elsewhere',
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [apiKey({ defaultPrefix: 'acme_' })],
  } satisfies BetterAuthOptions;
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  const { api } = betterAuth(options);
  const { user } = await api.signUpEmail({
    body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery staple' },
  });
  type NewKey = NonNullable<Parameters<typeof api.createApiKey>[0]>['body'];
  type KeyUpdate = NonNullable<Parameters<typeof api.updateApiKey>[0]>['body'];
  return {
    userId: user.id,
    create: (fields: NewKey) => api.createApiKey({ body: { ...fields, userId: user.id } }),
    update: (fields: KeyUpdate) => api.updateApiKey({ body: { ...fields, userId: user.id } }),
    verify: (key: string) => api.verifyApiKey({ body: { key } }),
  };
}
