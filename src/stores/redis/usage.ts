import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { Script } from './script.ts';

const USAGE = new Script(`
local ids, records = unpack(KEYS)
for i = 1, #ARGV, 2 do
  local digest = redis.call('HGET', ids, ARGV[i])
  local record = digest and redis.call('HGET', records, digest)
  if record then
    local used, key = string.match(record, '^(%d*)(.*)$')
    if tonumber(ARGV[i + 1]) > (tonumber(used) or 0) then
      redis.call('HSET', records, digest, ARGV[i + 1] .. key)
    end
  end
end
`);

/** Writes when keys were last used, in one command. */
export async function recordUsage(
  driver: Driver,
  { ids, records }: Names,
  usage: ReadonlyMap<string, number>,
): Promise<void> {
  if (usage.size === 0) return;
  const args = [...usage].flatMap(([id, at]) => [id, String(at)]);
  await USAGE.run(driver, [ids, records], args);
}
