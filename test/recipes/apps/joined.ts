import { createServer } from 'node:http';
import listener from './listener.ts';

/** A server of one's own, in which Node joins header lines where it would drop all but the first. */
createServer({ joinDuplicateHeaders: true }, listener).listen(
  Number(process.env.PORT),
  process.env.HOST,
);
