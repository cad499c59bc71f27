import { EMPTY_HEAD } from '../../digest/chain.ts';
import type { ActivityEvent, ChainHead, FactorDocument, StoredKey } from '../../record.ts';

/*
 * The text forms of records, events and heads in Redis.
 *
 * A record is the time of last use in digits, or nothing, followed by the key as JSON. One read returns
 * both, but scripts write one without the other, so usage never races a change.
 */

/** The JSON of a key, without its last use. */
export function keyText(key: StoredKey): string {
  const { lastUsedAt: _, ...rest } = key;
  return JSON.stringify(rest);
}

export function recordText(key: StoredKey): string {
  return `${key.lastUsedAt ?? ''}${keyText(key)}`;
}

export function readRecord(record: string): StoredKey {
  if (record.startsWith('{')) return JSON.parse(record);
  const start = record.indexOf('{');
  return Object.assign(JSON.parse(record.slice(start)), {
    lastUsedAt: Number(record.slice(0, start)),
  });
}

export function eventText(event: ActivityEvent): string {
  return JSON.stringify(event);
}

export function readEvent(text: string): ActivityEvent {
  return JSON.parse(text);
}

/** The version in digits, a colon, and the value. */
export function factorText({ version, value }: FactorDocument): string {
  return `${version}:${value}`;
}

export function readFactor(text: string): FactorDocument {
  const end = text.indexOf(':');
  return { version: Number(text.slice(0, end)), value: text.slice(end + 1) };
}

/** Empty for the head of an empty chain, which has no entry. */
export function headText({ sequence, digest }: ChainHead): string {
  return sequence === 0 ? '' : `${sequence}:${digest}`;
}

export function readHead(text: string | null | undefined): ChainHead {
  if (!text) return EMPTY_HEAD;
  const [sequence, digest = ''] = text.split(':');
  return { sequence: Number(sequence), digest };
}
