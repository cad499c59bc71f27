import type { Client } from './client.ts';
import type { Scheduler } from './scheduler.ts';

/** What may go wrong with one process: pauses, steps of its wall clock, and its network. */
export function troublesOf(
  client: Client,
  scheduler: Scheduler,
  leaseMs: number,
): readonly (() => void)[] {
  const between = (low: number, high: number) => scheduler.between(low, high);
  return [
    () => client.pause(between(10, 2 * leaseMs), false),
    () => client.pause(between(10, 2 * leaseMs), true),
    () => client.stepWall(between(-3_600_000, 3_600_000)),
    () => {
      const ms = between(leaseMs, 3 * leaseMs);
      client.pauseAndSetBack(ms, between(ms - leaseMs / 2, ms));
    },
    () => {
      client.weather.lossShare = 1;
    },
    () => {
      client.weather.longestWayMs = between(3, scheduler.chance() < 0.5 ? 20 : 2 * leaseMs);
      client.weather.lossShare = between(0, 0.5);
    },
    () => {
      client.weather.longestWayMs = 3;
      client.weather.lossShare = 0.02;
    },
  ];
}
