import { importKeys } from 'keywright/import';
import { openStore } from '../open-store.ts';
import { actor, serviceOver } from '../operations.ts';
import { rowsOf } from './rows.ts';

const [address = '', keys, owners] = process.argv.slice(2);
const { store } = await openStore(address);
const service = serviceOver(store);
const size = { keys: Number(keys), owners: Number(owners) };
process.send?.({});
process.once('message', async () => {
  let told = false;
  await importKeys(service, rowsOf(size), {
    actor,
    onProgress({ imported }) {
      if (told || imported < size.keys / 2) return;
      told = true;
      process.send?.({ imported });
    },
  });
});
