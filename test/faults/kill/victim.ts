import { openStore } from '../open-store.ts';
import { suffer } from './suffer.ts';

const [address = '', owner = ''] = process.argv.slice(2);
const { store } = await openStore(address);
await suffer(store, owner);
