import type { TestRunner } from 'keywright/testing';

export interface Counts {
  passed: number;
  failed: number;
}

/** A check as it is declared, under the names of all that it is in. */
export interface Check {
  readonly name: string;
  readonly timeoutMs: number;
  check(): Promise<void>;
}

/** The checks of a suite, of which none is run. */
export function checksOf(declare: (runner: TestRunner) => void): Check[] {
  const checks: Check[] = [];
  const trail: string[] = [];
  declare({
    describe(name, body) {
      trail.push(name);
      body();
      trail.pop();
    },
    it(name, check, timeoutMs) {
      checks.push({ name: [...trail, name].join(' > '), check, timeoutMs });
    },
  });
  return checks;
}

/** Runs checks one after the other where there is no test runner, and says which of them fail. */
export async function collect(declare: (runner: TestRunner) => void): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0 };
  for (const { name, check, timeoutMs } of checksOf(declare)) {
    try {
      await within(check(), timeoutMs);
      counts.passed += 1;
    } catch (error) {
      counts.failed += 1;
      console.log(`failed: ${name}\n${(error as Error).stack ?? String(error)}`);
    }
  }
  return counts;
}

function within(work: Promise<void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`took over ${timeoutMs} ms`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
