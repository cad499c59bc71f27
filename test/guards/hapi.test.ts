import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { hapiServer } from './hapi-server.ts';

describe('the guard of keywright/hapi', () => {
  testGuard(hapiServer, { describe, it });
});
