import { writeSync } from 'node:fs';
import { storeUnderCut } from './store-under-cut.ts';

/** Where it tells how many statements it has run. */
const ACCOUNT = 3;

// Migrates a database, and kills itself at a statement: before it is sent, or once it is.
const [address = '', at = '0', moment = 'before'] = process.argv.slice(2);
let statements = 0;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Stands before every statement that the driver is given. */
function cut<Sent>(send: () => Sent): Sent {
  const isLast = ++statements === Number(at);
  if (isLast && moment === 'before') die();
  const sent = send();
  if (isLast) die();
  return sent;
}

process.send?.('ready');
await (await storeUnderCut(address, cut)).migrate();
writeSync(ACCOUNT, String(statements));
process.exit();
