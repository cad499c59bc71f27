import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../servers/daemon.ts';

/**
 * Makes the folder in which all that the runs leave behind lies, whichever process makes it, so that
 * it goes even where one was ended before it could tidy up.
 */
export function setGround(): string {
  const ground = mkdtempSync(join(tmpdir(), 'keywright-faults-'));
  chmodSync(ground, 0o1777); // servers run under accounts of their own
  process.env.TMPDIR = ground;
  return ground;
}

export function removeGround(ground: string): void {
  for (const folder of mountsIn(ground)) unmount(folder);
  rmSync(ground, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** A new folder under that for temporary files. */
export function folder(name: string): string {
  return mkdtempSync(join(tmpdir(), `keywright-${name}-`));
}

/** A file system of its own in memory, which is full when `bytes` are written. */
export interface SmallDisk extends Disposable {
  readonly folder: string;
}

/** @throws Error where this process may not mount one, as it is not root or no Linux */
export function smallDisk(bytes: number): SmallDisk {
  const place = folder('disk');
  try {
    const options = `size=${bytes},mode=777`;
    execFileSync(program('mount'), ['-t', 'tmpfs', '-o', options, 'tmpfs', place], {
      stdio: 'pipe',
    });
  } catch (cause) {
    rmSync(place, { recursive: true });
    throw new Error('a small disk cannot be mounted here', { cause });
  }
  const inner = join(place, 'files');
  mkdirSync(inner);
  chmodSync(inner, 0o777);
  return {
    folder: inner,
    [Symbol.dispose]() {
      unmount(place);
      rmSync(place, { recursive: true });
    },
  };
}

function unmount(place: string): void {
  execFileSync(program('umount'), ['--lazy', place]);
}

function program(name: string): string {
  return findProgram(name, ['/usr/bin', '/bin']) ?? name;
}

function mountsIn(ground: string): string[] {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    return mounts.map((line) => line.split(' ')[1] ?? '').filter((at) => at.startsWith(ground));
  } catch {
    return []; // not Linux, where none was mounted
  }
}
