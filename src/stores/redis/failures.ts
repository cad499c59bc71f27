import { KeywrightError } from '../../errors.ts';

/** Messages of errors that both libraries throw before they send a command. */
const NOT_SENT = /^(The client is (closed|offline)|Stream isn't writeable)/;

/** Errors of the server itself begin with a word in capitals: `NOREPLICAS …`. */
const REFUSED = /^-?[A-Z]{2,}\b/;

/** Nothing ran, because the slot is moving or has no owner, or the server is not ready yet. */
const UNSERVED = /^-?(TRYAGAIN|MOVED|ASK|CLUSTERDOWN|LOADING)\b|^Too many Cluster redirections/;

/** Whether a command can be sent again, because no node served it. */
export function isUnserved(error: unknown): boolean {
  return UNSERVED.test(messageOf(error));
}

/**
 * Returns the reply of a change's script.
 *
 * @throws KeywrightError `store_unavailable`, with `indeterminate: true` unless the server rejected the
 * script or it was never sent
 */
export async function readRefusal(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (cause) {
    const message = messageOf(cause);
    throw failed(cause, !NOT_SENT.test(message) && !REFUSED.test(message));
  }
}

/**
 * Returns the result of a read before a change is written.
 *
 * @throws KeywrightError `store_unavailable` with `indeterminate: false`
 */
export async function readUnchanged<Read>(reading: Promise<Read>): Promise<Read> {
  try {
    return await reading;
  } catch (cause) {
    throw failed(cause, false);
  }
}

/**
 * Checks that replicas have a change that the primary has written.
 *
 * @throws KeywrightError `store_unavailable` with `indeterminate: true` if they do not
 */
export async function readConfirmation(
  counting: Promise<boolean>,
  replicas: number,
): Promise<void> {
  const isConfirmed = await counting.catch((cause: unknown) => {
    throw failed(cause, true);
  });
  if (!isConfirmed)
    throw failed(`the primary cannot count ${replicas} replicas that have it`, true);
}

/** @param indeterminate whether the change may have been made */
function failed(cause: unknown, indeterminate: boolean): KeywrightError {
  const outcome = indeterminate ? 'may have been made' : 'was not made';
  return new KeywrightError('store_unavailable', `the change ${outcome}: ${messageOf(cause)}`, {
    cause,
    indeterminate,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
