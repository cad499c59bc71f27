import { generateToken } from 'keywright';
import { customAlphabet } from 'nanoid';
import { atLeast, type Figure } from './figure.ts';
import { format } from './keys.ts';
import { rateRatio } from './measure.ts';

/** Tokens in a batch: milliseconds, and many fillings of either side's pool. */
const BATCH = 50_000;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export const figures: readonly Figure[] = [
  {
    id: 'generate-token',
    title: `generateToken, 55 of 62 characters, against nanoid's customAlphabet`,
    unit: '×',
    bar: atLeast(1),
    measure() {
      const nanoid = customAlphabet(ALPHABET, format.secretLength);
      // The lengths are added up, so that the engine cannot leave the work out.
      const baseline = () => {
        let length = 0;
        for (let i = 0; i < BATCH; i++) length += nanoid().length;
        return length;
      };
      const subject = () => {
        let length = 0;
        for (let i = 0; i < BATCH; i++) length += generateToken(format, 'live').length;
        return length;
      };
      return rateRatio({ subject, baseline }, { warmUp: 20, pairs: 100 });
    },
  },
];
