import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SITE } from './global-setup.ts';

const files = globSync('**/*.html', { cwd: SITE }).sort();
const pages = new Map(files.map((file) => [file, readFileSync(`${SITE}/${file}`, 'utf8')]));

/** The addresses in a page: of links, pictures, scripts and styles. */
function addressesOf(html: string): string[] {
  const found = html.matchAll(/<(?:a|img|script|link)\b[^>]*?\s(?:href|src)="([^"]*)"/g);
  return [...found].map(([, address = '']) => address.replaceAll('&amp;', '&'));
}

/** Why an address of a page leads nowhere in the site; `undefined` where it leads somewhere. */
function faultOf(page: string, address: string): string | undefined {
  if (/^(?:https|mailto|data):/.test(address)) return undefined;
  const [path = '', anchor] = address.split('#');
  const target = path === '' ? page : posix.join('/', posix.dirname(page), relativeTo(page, path));
  const file = target.replace(/^\//, '').replace(/(^|\/)$/, '$1index.html');
  if (!existsSync(`${SITE}/${decodeURIComponent(file)}`)) return `${page}: no ${address}`;
  if (!anchor || anchor === 'app') return undefined;
  const html = pages.get(decodeURIComponent(file)) ?? '';
  return html.includes(`id="${decodeURIComponent(anchor)}"`) ? undefined : `${page}: no ${address}`;
}

function relativeTo(page: string, path: string): string {
  return path.startsWith('/') ? posix.relative(`/${posix.dirname(page)}`, path) || '.' : path;
}

describe('the built site', () => {
  it('has the guides, the reference and the papers', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'index.html',
        'SECURITY.html',
        'docs/api/keywright.html',
        'docs/guide/start/express.html',
      ]),
    );
  });

  it.each([...pages])('links to pages and headings that exist: %s', (page, html) => {
    const addresses = addressesOf(html).filter((address) => !address.startsWith('#VPContent'));
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.flatMap((address) => faultOf(page, address) ?? [])).toEqual([]);
  });

  it('has no page with a fault that this test misses', () => {
    expect(faultOf('docs/threat-model.html', '../SECURITY.html')).toBeUndefined();
    expect(faultOf('docs/threat-model.html', '/docs/nowhere.html')).toContain('no /docs/nowhere');
    expect(faultOf('docs/threat-model.html', '#nowhere')).toContain('no #nowhere');
  });
});
