import { readFileSync, writeFileSync } from 'node:fs';

interface LockedPackage {
  version?: string;
  resolved?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  packages: Record<string, LockedPackage>;
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openbsd', 'openharmony', 'win32'];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/**
 * The entries a lock lacks for optional packages that its own packages name in an exact version,
 * by their place in `node_modules`.
 *
 * npm drops a package of another platform from the lock when the registry at hand does not serve
 * it, and from then on `npm ci` refuses that lock on every platform.
 */
export function missingEntries({ packages }: Lockfile): Record<string, LockedPackage> {
  const missing: Record<string, LockedPackage> = {};
  for (const [place, parent] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (!/^\d/.test(version)) continue;
      const places = lookupPlaces(place, name);
      const found = places.find((at) => packages[at] ?? missing[at]);
      if (found && (packages[found] ?? missing[found])?.version === version) continue;
      const free = found ? places[0] : places.at(-1);
      if (free) missing[free] = platformEntry(name, version, parent);
    }
  }
  return missing;
}

/** Where the package at `place` finds `name`, nearest first, as Node looks it up. */
function lookupPlaces(place: string, name: string): string[] {
  const places = [`${place}/node_modules/${name}`];
  for (let end = place.lastIndexOf('node_modules/'); end >= 0; ) {
    places.push(`${place.slice(0, end)}node_modules/${name}`);
    end = end === 0 ? -1 : place.lastIndexOf('node_modules/', end - 1);
  }
  return places;
}

/** Reads system, processor and C library off a name such as `@rollup/rollup-linux-x64-musl`. */
function platformEntry(name: string, version: string, parent: LockedPackage): LockedPackage {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  const abi = words.at(-1) ?? '';
  const libc = abi.startsWith('musl') ? 'musl' : abi.startsWith('gnu') ? 'glibc' : undefined;
  if (!cpu)
    throw new Error(`package-lock.json lacks ${name}@${version}, whose platform is unclear`);
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(os === 'linux' && libc && { libc: [libc] }),
    optional: true,
    ...(os && { os: [os] }),
    ...(parent.engines && { engines: parent.engines }),
  };
}

export function readLockfile(): Lockfile {
  return JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
}

if (import.meta.main) {
  const lock = readLockfile();
  const all = Object.entries({ ...lock.packages, ...missingEntries(lock) });
  const packages = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
}
