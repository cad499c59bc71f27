/** A configuration of fleet.pml: the switches it is compiled with, and what it is about. */
export interface Configuration {
  readonly name: string;
  readonly title: string;
  readonly defines: readonly string[];
}

const revokers = (second: string) => ['NR=2', `K1=${second}`];

/** Searched exhaustively in about a minute; each must be free of violations. */
const smallByName = {
  base: { title: 'one holder, one revoker', defines: [] },
  clocks: { title: 'suspension and steps of the wall clock', defines: ['WALL'] },
  registration: { title: 'the first holder registers during a change', defines: ['REG'] },
  ids: {
    title: 'changes of two keys of one owner, told by id',
    defines: ['IDS', ...revokers('QUICK_SIBLING')],
  },
  joined: {
    title: 'changes that join transactions, on a row that all owners share',
    defines: ['JOINED', 'IDS', 'K0=JOINED_NARROW', ...revokers('JOINED_OTHER')],
  },
  revokers: { title: 'two revokers, both prune', defines: ['INSTANT', ...revokers('OTHER')] },
  failover: { title: 'a failover that loses members', defines: ['EPOCH'] },
  lost: {
    title: 'a failover that loses members and a bump',
    defines: ['EPOCH', 'INSTANT', ...revokers('JOINED_OTHER')],
  },
  idle: { title: 'a holder that goes idle and comes back', defines: ['IDLE'] },
  shared: {
    title: 'acknowledge: false, two revokers',
    defines: ['STAR', 'INSTANT', ...revokers('OTHER')],
  },
} satisfies Readonly<Record<string, Omit<Configuration, 'name'>>>;

type Small = keyof typeof smallByName;

export const small: readonly Configuration[] = Object.entries(smallByName).map(
  ([name, configuration]) => ({ name, ...configuration }),
);

/** Searched exhaustively by `npm run test:model` alone. */
export const large: readonly Configuration[] = [
  { name: 'revokers', title: 'two revokers, with look-ups', defines: revokers('OTHER') },
  {
    name: 'lost',
    title: 'a failover that loses members and a bump, with look-ups',
    defines: ['EPOCH', ...revokers('JOINED_OTHER')],
  },
  {
    name: 'late-acknowledgement',
    title: 'leases of two ticks, two acknowledgements under way',
    defines: ['L=2', 'AW2'],
  },
  { name: 'holders', title: 'two holders', defines: ['NH=2', 'INSTANT'] },
  {
    name: 'shared',
    title: 'two holders, one with acknowledge: false',
    defines: ['NH=2', 'STAR', 'INSTANT'],
  },
  {
    name: 'clocks',
    title: 'wall clocks, two revokers',
    defines: ['WALL', 'INSTANT', ...revokers('OTHER')],
  },
  {
    name: 'registration',
    title: 'registration during two revocations of one key',
    defines: ['REG', 'INSTANT', ...revokers('NARROW')],
  },
  {
    name: 'idle',
    title: 'a holder that goes idle, two revokers',
    defines: ['IDLE', 'INSTANT', ...revokers('OTHER')],
  },
  {
    name: 'failover-shared',
    title: 'a failover that loses the shared row',
    defines: ['EPOCH', 'STAR', 'INSTANT'],
  },
  {
    name: 'failover-registration',
    title: 'a failover while the first holder registers',
    defines: ['EPOCH', 'REG', 'INSTANT'],
  },
  {
    name: 'failover-idle',
    title: 'a failover beside a holder that goes idle',
    defines: ['EPOCH', 'IDLE', 'INSTANT'],
  },
  {
    name: 'failover-clocks',
    title: 'a failover, suspension and steps of the wall clock',
    defines: ['EPOCH', 'WALL', 'INSTANT'],
  },
  {
    name: 'ids',
    title: 'two barriers of one owner, told by id',
    defines: ['IDS', 'INSTANT', ...revokers('SIBLING')],
  },
];

/** What the model does without a rule or an assumption: Spin must find a violation. */
interface Removal {
  /** The switch in fleet.pml that removes it. */
  readonly without: string;
  readonly title: string;
  /** The small configuration in which it is missed. */
  readonly from: Small;
}

type Rule = `R${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 17}`;

/** At least one removal for each rule: the type makes a rule that is left out an error. */
const removalsByRule: Readonly<
  Record<Rule | 'idle' | 'assumed', readonly [Removal, ...Removal[]]>
> = {
  R1: [{ without: 'OFF_R1', title: 'the lease begins at the answer', from: 'base' }],
  R2: [
    { without: 'OFF_R2', title: 'more changes than ids drop only those ids', from: 'ids' },
    { without: 'OFF_R2', title: 'the same on the row of joined changes', from: 'joined' },
  ],
  R3: [{ without: 'OFF_R3', title: 'acknowledges before it purges', from: 'base' }],
  R4: [
    { without: 'OFF_R4_ROW', title: 'grants without a row', from: 'base' },
    { without: 'OFF_R4_ACKED', title: 'grants because its row is there', from: 'revokers' },
  ],
  R5: [{ without: 'OFF_R5', title: 'takes a late answer for the present one', from: 'base' }],
  R6: [
    { without: 'OFF_R6_HIT', title: 'hits without a lease', from: 'base' },
    { without: 'OFF_R6_TIMER', title: 'a timer ends the lease', from: 'base' },
    { without: 'OFF_R6_WALL', title: 'reads only the monotonic clock', from: 'clocks' },
    { without: 'OFF_R6_MONO', title: 'reads only the wall clock', from: 'clocks' },
  ],
  R7: [
    { without: 'OFF_R7_MOVE', title: 'joins a look-up from before a move', from: 'base' },
    { without: 'OFF_R7_LIVE', title: 'joins a look-up without a lease', from: 'base' },
  ],
  R8: [{ without: 'OFF_R8', title: 'keeps a record read before a move', from: 'base' }],
  R9: [{ without: 'OFF_R9', title: 'bumps before the change commits', from: 'base' }],
  R10: [{ without: 'OFF_R10', title: 'reads the members before the commit', from: 'base' }],
  R11: [
    { without: 'OFF_R11_BEFORE', title: 'starts its clock before the commit', from: 'base' },
    { without: 'OFF_R11_COMMIT', title: 'starts its clock at the commit', from: 'revokers' },
  ],
  R12: [{ without: 'OFF_R12', title: 'waits one lease instead of 1.25', from: 'base' }],
  R13: [
    { without: 'OFF_R13', title: 'does not wait once after a failover', from: 'failover' },
    { without: 'OFF_R13_POLL', title: 'polls without reading the epoch', from: 'failover' },
  ],
  R14: [
    { without: 'OFF_R14', title: 'prunes a member that has acknowledged', from: 'revokers' },
    { without: 'OFF_R14_SHARED', title: 'prunes the shared row', from: 'shared' },
  ],
  R15: [
    { without: 'OFF_R15', title: 'renews before `watched` is committed', from: 'registration' },
  ],
  R17: [{ without: 'OFF_R17', title: 'does not look for a lost bump', from: 'lost' }],
  idle: [{ without: 'OFF_IDLE_ID', title: 'keeps its id after it went idle', from: 'idle' }],
  assumed: [{ without: 'SAME_EPOCH', title: 'a bump is lost while the epoch stays', from: 'lost' }],
};

export const removals: readonly (Configuration & Pick<Removal, 'without'>)[] = Object.entries(
  removalsByRule,
).flatMap(([rule, list]) =>
  list.map(({ without, title, from }, index) => ({
    name: list.length === 1 ? rule : `${rule}.${index + 1}`,
    title,
    without,
    defines: [...smallByName[from].defines, without],
  })),
);
