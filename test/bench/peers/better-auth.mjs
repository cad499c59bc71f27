import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';

/**
 * API keys of Better Auth on its memory adapter, without a limit of rates, which would refuse the
 * eleventh verification of a key.
 *
 * @param {number} count how many keys
 * @returns {Promise<{ tokens: string[], verify(token: string): Promise<boolean> }>}
 */
export async function openBetterAuth(count) {
  const tables = { user: [], session: [], account: [], verification: [], apikey: [] };
  const auth = betterAuth({
    database: memoryAdapter(tables),
    baseURL: 'http://localhost',
    secret: 'a secret of the benchmarks, of no use elsewhere',
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [apiKey({ rateLimit: { enabled: false } })],
  });
  const { user } = await auth.api.signUpEmail({
    body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery staple' },
  });
  const tokens = [];
  for (let i = 0; i < count; i++) {
    const { key } = await auth.api.createApiKey({ body: { name: `key ${i}`, userId: user.id } });
    tokens.push(key);
  }
  const verify = async (key) => (await auth.api.verifyApiKey({ body: { key } })).valid;
  return { tokens, verify };
}
