import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { onExpress, onFastify } from './nest-app.ts';

const runner = { describe, it };

describe('the guard of keywright/nest, on Express', () => {
  testGuard(onExpress, runner);
});

describe('the guard of keywright/nest, on Fastify', () => {
  testGuard(onFastify, runner);
});
