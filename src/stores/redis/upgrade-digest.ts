import type { Driver } from './client.ts';
import { digestTaken } from './commit.ts';
import type { Names } from './names.ts';
import { viewKey } from './reads.ts';
import { Script } from './script.ts';
import { keyText } from './texts.ts';

/** Writes the record under its new digest, unless the key is not as it was when it was read. */
const MOVE = new Script(`
local ids, records = unpack(KEYS)
local id, from, to, before, after = unpack(ARGV)
if redis.call('HGET', ids, id) ~= from then return 'stale' end
local used, key = string.match(redis.call('HGET', records, from) or '', '^(%d*)(.*)$')
if key ~= before then return 'stale' end
if redis.call('HEXISTS', records, to) == 1 then return 'taken' end
redis.call('HSET', records, to, used .. after)
redis.call('HSET', ids, id, to)
redis.call('HDEL', records, from)
return 'made'
`);

/** @throws KeywrightError `digest_taken` */
export async function upgradeDigest(
  driver: Driver,
  names: Names,
  { id, from, to }: { readonly id: string; readonly from: string; readonly to: string },
): Promise<boolean> {
  for (;;) {
    const key = (await viewKey(driver, names, { id }))?.key;
    if (key?.digest !== from) return false;
    if (to === from) return true;
    const args = [id, from, to, keyText(key), keyText({ ...key, digest: to })];
    const reply = await MOVE.run(driver, [names.ids, names.records], args);
    if (reply === 'taken') throw digestTaken();
    if (reply === 'made') return true;
  }
}
