import manifest from '../../package.json' with { type: 'json' };

/** Where a package says that it comes from. */
interface Origin {
  readonly homepage: string;
  readonly repository: { readonly url: string };
  readonly bugs: { readonly url: string };
}

/**
 * What is missing or wrong in the origin, one line a fault. npm resolves the links of the README, and
 * checks provenance, against it.
 *
 * @param expected the address of the repository that publishes, where that is known
 */
export function originFaults(
  { homepage, repository, bugs }: Origin,
  expected: string | undefined,
): string[] {
  const faults: string[] = [];
  if (!isWebAddress(homepage)) faults.push('homepage must be an https address');
  if (!isWebAddress(bugs.url)) faults.push('bugs.url must be an https address');
  const [, address = ''] = /^git\+(.+)\.git$/.exec(repository.url) ?? [];
  if (!isWebAddress(address)) {
    faults.push('repository.url must be git+https://<host>/<path>.git');
  } else if (expected !== undefined && address !== expected) {
    faults.push(`repository.url must be git+${expected}.git, which publishes`);
  }
  return faults;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

if (import.meta.main) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  const known = server !== undefined && repository !== undefined;
  const faults = originFaults(manifest, known ? `${server}/${repository}` : undefined);
  for (const fault of faults) console.error(`package.json: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
