import { afterAll, beforeAll } from 'vitest';
import { removeGround, setGround } from './ground.ts';

/** Gives the tests of a file a ground of their own, with all that they leave behind. */
export function useGround(): void {
  const { TMPDIR } = process.env;
  let ground: string;
  beforeAll(() => {
    ground = setGround();
  });
  afterAll(() => {
    removeGround(ground);
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });
}
