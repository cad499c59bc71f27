import type { Exchange, GuardSite } from 'keywright/testing';
import { socketExchange } from '../../src/testing/guard/socket.ts';

/** Sends raw requests to a site that listens. */
export function exchangeOf(site: GuardSite): Exchange {
  if ('origin' in site) return socketExchange(site.origin);
  if ('exchange' in site) return site.exchange;
  throw new Error('this site does not listen');
}
