import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testKeyStore } from 'keywright/testing';
import { describe, it } from 'vitest';
import { fileStore } from './file-store.ts';

testKeyStore(
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'file-store-'));
    const path = join(folder, 'keys.json');
    // Both read the same file, as two handles of one process do.
    const [store, other] = [fileStore(path), fileStore(path)];
    return { store, other, close: () => rmSync(folder, { recursive: true }) };
  },
  { describe, it },
  { changes: 'none', deliveries: false },
);
