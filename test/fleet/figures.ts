import { atLeast, exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { startTcpProxy, type TcpProxy } from '../servers/tcp-proxy.ts';
import { ENGINE_NAMES, ENGINES, type FleetEngineName, type Part } from './engines.ts';
import { openFleet } from './fleet.ts';
import { judge, type Verdict } from './log.ts';
import { PLANTED, SCENARIOS, type Scenario } from './scenarios.ts';
import { Traffic } from './traffic.ts';

const GOOD = 200;
const DOOMED = 1000;
const REQUESTS_A_SECOND = 500;
const REVOCATION_SPACING_MS = 60;
const SUBSCRIBES = /listen keywright|subscribe/i;

interface Run {
  readonly verdict: Verdict;
  readonly note: string;
}

async function run(name: FleetEngineName, scenario: Scenario): Promise<Run> {
  await using resources = new AsyncDisposableStack();
  let proxy: TcpProxy | undefined;
  const through = async (address: string) => {
    if (!scenario.proxied) return address;
    const opened = await startTcpProxy(Number(new URL(address).port), { only: SUBSCRIBES });
    resources.defer(() => opened.close());
    proxy = opened;
    return opened.through(address);
  };
  const { cache, leaseMs } = scenario;
  await using fleet = await openFleet(name, {
    ...{ good: GOOD, doomed: DOOMED, through },
    ...(cache && { cache }),
    ...(leaseMs && { leaseMs }),
  });
  const traffic = new Traffic(fleet.servers, fleet.manager);
  const sending = traffic.send(fleet.good, REQUESTS_A_SECOND);
  const revoking = traffic.revoke(fleet.doomed, REVOCATION_SPACING_MS);
  const said = await scenario.act(fleet, traffic, proxy);
  await traffic.end();
  await Promise.all([sending, revoking]);
  await traffic.end();
  const verdict = judge(traffic.log, traffic.revocations);
  return { verdict, note: [noteOf(verdict, traffic), said].filter(Boolean).join('; ') };
}

function noteOf(verdict: Verdict, { spans, failed }: Traffic): string {
  const { requests, revocations, afterRevocation, letIn, wronglyRefused } = verdict;
  const { unavailable, goodUnavailable, unanswered } = verdict;
  const sorted = spans.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  const bound = afterRevocation === 0 ? 'none' : (3 / afterRevocation).toExponential(1);
  return [
    `${letIn.length} let in, ${wronglyRefused.length} wrongly refused`,
    `${requests} requests, ${afterRevocation} after a revocation (3/n ${bound})`,
    `${revocations} revocations (${failed} failed), p50 ${at(0.5)}, p99 ${at(0.99)} ms`,
    `${unavailable} answered 503 (${goodUnavailable} with a good key), ${unanswered} not at all`,
  ].join('; ');
}

async function measure(name: FleetEngineName, scenario: Scenario): Promise<Measurement> {
  const { verdict, note } = await run(name, scenario);
  const { letIn, wronglyRefused, goodUnavailable } = verdict;
  const refused = wronglyRefused.length + (scenario.counts503 ? goodUnavailable : 0);
  return { value: letIn.length + refused, note };
}

function scenariosOn(name: FleetEngineName): readonly Scenario[] {
  const parts: readonly Part[] = ENGINES[name].parts;
  return SCENARIOS.filter(({ hurts }) => hurts === undefined || parts.includes(hurts));
}

export const figures: readonly Figure[] = ENGINE_NAMES.flatMap((name) => [
  ...scenariosOn(name).map((scenario) => ({
    id: `fleet.${name}.${scenario.id}`,
    title: `wrong answers of three servers on ${ENGINES[name].title}: ${scenario.title}`,
    unit: '',
    bar: exactly(0),
    measure: () => measure(name, scenario),
  })),
  {
    id: `fleet.${name}.${PLANTED.id}`,
    title: `what the checker finds: ${PLANTED.title}`,
    unit: '',
    bar: atLeast(1),
    measure: async () => {
      const { verdict, note } = await run(name, PLANTED);
      return { value: verdict.letIn.length, note };
    },
  },
]);
