import type { DIRECTED } from './directed.ts';

/** One rule of the protocol, and the edit that takes it out of the shipped code. */
export interface RemovedRule {
  readonly rule: string;
  /** The staged scenario that notices it, where seeds hardly ever meet the moment. */
  readonly directed?: keyof typeof DIRECTED;
  /** Within `src`. */
  readonly file: string;
  /** Texts that stand in the file once, and what takes their place. */
  readonly edits: readonly (readonly [from: string, to: string])[];
}

/** Each is found by the simulation: without it, revoked keys are let in. */
export const REMOVED_RULES: readonly RemovedRule[] = [
  {
    rule: 'R1',
    file: 'cache/holder.ts',
    edits: [['this.#grant(begin);', 'this.#grant(lease.now());']],
  },
  {
    rule: 'R2',
    file: 'cache/holder.ts',
    edits: [['if (risen <= shard.recent.length) {', 'if (risen >= 0) {']],
  },
  {
    rule: 'R3',
    file: 'cache/holder.ts',
    edits: [
      [
        'for (const shard of shards) dropped += this.#dropChanged(shard);',
        'for (const shard of shards) this.#seen.set(shard);\n    const late = () => { for (const shard of shards) dropped += this.#dropChanged(shard); };',
      ],
      ['await this.#acknowledge(); // R3: only now', 'await this.#acknowledge();\n    late();'],
    ],
  },
  {
    rule: 'R4',
    file: 'cache/holder.ts',
    edits: [
      [
        'return this.#options.acknowledge ? acked !== total : acked === undefined;',
        'return acked === undefined && this.#moveNo === 0 && total < 0;',
      ],
    ],
  },
  {
    rule: 'R5',
    directed: 'R5',
    file: 'cache/keeper.ts',
    edits: [
      ['.renew(() => isOver || this.#isAsleep, sinceHintMs)', '.renew(() => false, sinceHintMs)'],
    ],
  },
  {
    rule: 'R6-monotonic',
    file: 'cache/lease.ts',
    edits: [
      [
        'if (now - mono >= this.#leaseMs) return false;',
        'if (mono === Number.NEGATIVE_INFINITY) return false;',
      ],
    ],
  },
  {
    rule: 'R6-wall',
    file: 'cache/lease.ts',
    edits: [['return elapsed >= 0 && elapsed < this.#leaseMs;', 'return elapsed === elapsed;']],
  },
  {
    rule: 'R7',
    directed: 'R7',
    file: 'cache/filler.ts',
    edits: [
      [
        'flight !== undefined && flight.moveNo === this.#options.holder.moveNo',
        'flight !== undefined',
      ],
    ],
  },
  {
    rule: 'R8',
    file: 'cache/holder.ts',
    edits: [
      [
        'return feed.shardsOf(owner).every((shard) => (this.#lastMove.get(shard) ?? 0) <= began);',
        'return feed.shardsOf(owner).length > 0 && began >= 0;',
      ],
    ],
  },
  {
    rule: 'R9',
    file: 'rules/revoke.ts',
    edits: [['purged: keys.map(({ id }) => id),', 'purged: [],']],
  },
  {
    rule: 'R10',
    file: 'rules/barrier.ts',
    edits: [
      [
        'this.#next ??= this.#round(watchedMs);',
        'return { effectiveAt: 0, acknowledged: 0, timedOut: 0 };',
      ],
    ],
  },
  {
    rule: 'R11',
    directed: 'R11',
    file: 'rules/barrier.ts',
    edits: [
      [
        'const read = await this.#freshMembers()',
        'const begin = this.#timing.monotonicMs();\n    const read = await this.#freshMembers()',
      ],
      ['const begin = this.#timing.monotonicMs(); // R11: read only after that response', ''],
    ],
  },
  {
    rule: 'R12',
    file: 'rules/barrier.ts',
    edits: [['const RATE_MARGIN = 1.25;', 'const RATE_MARGIN = 0.9;']],
  },
  {
    rule: 'R13',
    file: 'rules/barrier.ts',
    edits: [['if (settled !== epoch) {', 'if (settled !== epoch && end < 0) {']],
  },
  {
    rule: 'R13-members',
    file: 'rules/barrier.ts',
    edits: [['if (epoch !== first) return open;', 'if (epoch === undefined) return open;']],
  },
  {
    rule: 'R14',
    directed: 'R14',
    file: 'stores/memory/feed.ts',
    edits: [['if ((this.#members.get(holder) ?? total) < total) this', 'this']],
  },
  {
    rule: 'R15',
    file: 'cache/holder.ts',
    edits: [['await feed.register(leaseMs);', 'await feed.shardsOf(String(leaseMs));']],
  },
  {
    rule: 'R17',
    file: 'cache/holder.ts',
    edits: [
      ['if (epoch !== this.#epoch) return true;', 'if (epoch !== this.#epoch) return false;'],
      [
        'return total < seen || (total === seen && marks !== this.#seen.marks);',
        "return total < 0 && seen < 0 && marks === '';",
      ],
    ],
  },
];
