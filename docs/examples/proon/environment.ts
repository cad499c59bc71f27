/** The port that `PORT` names; 8787 without it. */
export function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return 8787;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new Error(`PORT must be a number from 0 to 65535, such as 8787, not "${text}"`);
  }
  return port;
}

const PROTOCOLS = ['postgres:', 'postgresql:', 'mysql:', 'mariadb:', 'redis:'];

/** The address that `DATABASE_URL` holds; `undefined` without it. Errors never repeat its password. */
export function databaseOf(text: string | undefined): URL | undefined {
  if (text === undefined || text === '') return undefined;
  const example = 'such as postgres://user:password@localhost:5432/proon';
  if (!URL.canParse(text)) throw new Error(`DATABASE_URL must be an address, ${example}`);
  const url = new URL(text);
  if (!PROTOCOLS.includes(url.protocol)) {
    const schemes = 'postgres:, mysql:, mariadb: or redis:';
    throw new Error(
      `DATABASE_URL must begin with ${schemes}, ${example}; not with ${url.protocol}`,
    );
  }
  return url;
}
