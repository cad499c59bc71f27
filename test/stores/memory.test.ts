import { memoryStore } from 'keywright';
import { testKeyStore } from 'keywright/testing';
import { describe, it } from 'vitest';

describe('memoryStore', () => {
  testKeyStore(() => ({ store: memoryStore() }), { describe, it });
});
