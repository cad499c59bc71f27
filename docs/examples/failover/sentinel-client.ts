import { Redis } from 'ioredis';

export interface SentinelClientOptions {
  readonly sentinels: { readonly host: string; readonly port: number }[];
  /** By which the sentinels know the primary. */
  readonly name: string;
  /** Milliseconds without an answer after which the client leaves a connection. Default 5,000. */
  readonly socketTimeout?: number;
  /** Whether the client asks sentinels to tell it of failovers. Default `true`. */
  readonly failoverDetector?: boolean;
}

/** A client of ioredis that leaves a primary which sentinels have replaced, or which hangs. */
export function sentinelClient({
  sentinels,
  name,
  socketTimeout = 5000,
  failoverDetector = true,
}: SentinelClientOptions) {
  const client = new Redis({
    ...{ sentinels, name, socketTimeout, failoverDetector },
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    sentinelRetryStrategy: () => 200,
  });
  client.on('error', () => {}); // it connects again by itself
  // It does not after a failover that it hears of while it connects: then it ends, for good.
  const connectAgain = () => {
    client.connect().catch(() => {});
  };
  client.on('end', connectAgain);
  return {
    client,
    close(): void {
      client.off('end', connectAgain);
      client.disconnect();
    },
  };
}
