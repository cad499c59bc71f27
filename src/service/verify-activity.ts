import { withDeadline } from '../deadline.ts';
import { EMPTY_HEAD, followsHead, headAfter } from '../digest/chain.ts';
import { invalid } from '../errors.ts';
import { checkFields, checkInteger } from '../fields.ts';
import { cloneJson } from '../json.ts';
import type { ActivityEvent, ChainHead } from '../record.ts';
import type { ChainReport } from './contract.ts';
import type { Service } from './service.ts';

/** Events per read, so that a log of any length is verified in bounded memory. */
const STEP = 500;

/**
 * Verifies that each event of the chain follows the one before, from the first up to the head that the
 * store returns.
 */
export async function verifyActivity(
  { store, storeTimeoutMs }: Pick<Service, 'store' | 'storeTimeoutMs'>,
  owner: string,
  options: { readonly expectedHead?: ChainHead },
): Promise<ChainReport> {
  checkFields(options, 'options', ['expectedHead']);
  const { expectedHead = EMPTY_HEAD } = options;
  const expected = checkHead(expectedHead);
  let last = EMPTY_HEAD;
  let erased = 0;
  if (contradicts(last, expected)) return altered(0);
  for (;;) {
    // Read before the events: they then reach this head even if others are appended meanwhile.
    const head = await withDeadline(store.head(owner), storeTimeoutMs);
    const events = await withDeadline(store.readChain(owner, last.sequence, STEP), storeTimeoutMs);
    if (events.length === 0) return conclude(last, head, expected, erased);
    for (const event of events) {
      if (event.sequence !== last.sequence + 1) return missing(last.sequence + 1);
      const follows = event.owner === owner && followsHead(last, event);
      last = headAfter(event);
      if (!follows || contradicts(last, expected)) return altered(event.sequence, event);
      if (event.erased !== undefined) erased++;
    }
  }
}

function conclude(
  last: ChainHead,
  head: ChainHead,
  expected: ChainHead,
  erased: number,
): ChainReport {
  if (head.sequence > last.sequence || expected.sequence > last.sequence) {
    return missing(last.sequence + 1);
  }
  // A head that is behind the events, or has another digest, was not written with them.
  if (head.sequence < last.sequence || contradicts(last, head)) return altered(last.sequence);
  return { ok: true, head, erased };
}

function contradicts(link: ChainHead, other: ChainHead): boolean {
  return link.sequence === other.sequence && link.digest !== other.digest;
}

function missing(sequence: number): ChainReport {
  return { ok: false, reason: 'missing', sequence };
}

function altered(sequence: number, event?: ActivityEvent): ChainReport {
  return { ok: false, reason: 'altered', sequence, ...(event && { event: cloneJson(event) }) };
}

function checkHead(head: ChainHead): ChainHead {
  checkFields(head, 'expectedHead', ['sequence', 'digest']);
  const sequence = checkInteger(head.sequence, 'expectedHead.sequence', 0, Number.MAX_SAFE_INTEGER);
  if (typeof head.digest !== 'string' || !/^[0-9a-f]{64}$/.test(head.digest)) {
    throw invalid('expectedHead.digest', 'must be 64 characters of lower-case hex');
  }
  return { sequence, digest: head.digest };
}
