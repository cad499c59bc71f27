import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { ActivityEvent } from 'keywright';

interface Batch {
  readonly pid: number;
  readonly events: readonly ActivityEvent[];
}

/** Receives events over HTTP, and kills senders at the worst moments. */
export class Receiver {
  /** Events in the order of their arrival, by owner. */
  readonly received = new Map<string, ActivityEvent[]>();
  /** Events that arrived, repeated ones too. */
  count = 0;
  readonly #killed = new Set<number>();
  #batches = 0;
  readonly #server = createServer(async (request, response) => {
    const batch = (await json(request)) as Batch;
    if (this.#accept(batch)) response.end();
  });
  readonly #every: number;
  readonly #maxKills: number;
  readonly #onKill: (pid: number) => void;

  constructor(every: number, maxKills: number, onKill: (pid: number) => void) {
    this.#every = every;
    this.#maxKills = maxKills;
    this.#onKill = onKill;
  }

  get kills(): number {
    return this.#killed.size;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, 'localhost');
    await once(this.#server, 'listening');
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Takes the events; or kills the sender, by turns before it has them and before it says so. */
  #accept({ pid, events }: Batch): boolean {
    // Another batch of a sender that was killed may still arrive.
    const isOver = this.kills === this.#maxKills || this.#killed.has(pid);
    const isLast = ++this.#batches % this.#every === 0 && !isOver;
    if (isLast) process.kill(pid, 'SIGKILL');
    if (!isLast || this.kills % 2 === 1) this.#keep(events);
    if (!isLast) return true;
    this.#killed.add(pid);
    this.#onKill(pid);
    return false;
  }

  #keep(events: readonly ActivityEvent[]): void {
    for (const event of events) {
      this.count++;
      this.received.set(event.owner, [...(this.received.get(event.owner) ?? []), event]);
    }
  }
}
