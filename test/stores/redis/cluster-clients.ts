import { Cluster } from 'ioredis';
import { createCluster } from 'redis';

/** The clients of a cluster that the store takes, by their libraries. */
export const clusterClients = {
  'node-redis': async (urls: readonly string[]) => {
    const client = createCluster({ rootNodes: urls.map((url) => ({ url })) });
    client.on('error', () => {});
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  ioredis: async (urls: readonly string[]) => {
    const client = new Cluster([...urls]);
    client.on('error', () => {});
    return { client, close: () => client.disconnect() };
  },
};
