import { type ApiKeys, createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { createManagement, type Management, type ManagementOptions } from 'keywright/management';
import { ORIGIN } from './support.ts';

/** The page for API consumers in its two forms. */
export async function guideOf(management: Management) {
  const read = async (path: string) => {
    const response = await management(new Request(ORIGIN + management.basePath + path));
    return response.text();
  };
  return { html: await read('/guide'), markdown: await read('/guide.md') };
}

/** A host of the specification's kind. */
export function proon(options: Partial<ManagementOptions> = {}) {
  const keys: ApiKeys = createApiKeys({
    format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
    environments: ['live'],
    store: memoryStore(),
    unauthorized: { manageUrl: 'https://www.proon.ai/app/settings/api-keys' },
  });
  const management = createManagement({
    keys,
    authorize: () => undefined,
    basePath: '/app/settings/api-keys',
    brand: { name: 'ProoN', apiUrl: { live: 'https://www.proon.ai/api/v1/me' } },
    stepUp: { check: () => ({ ok: true }) },
    ...options,
  });
  return { keys, management };
}

/** A host that differs from the other in whatever it can. */
export function acme() {
  const keys: ApiKeys = createApiKeys({
    format: tokenFormat({
      brand: 'acme',
      environments: ['eu_prod'],
      secretLength: 40,
      checksum: 'crc32',
    }),
    store: memoryStore(),
    scopes: ['invoices:send', 'invoices:read'],
    unauthorized: { realm: 'acme', message: 'Not without a key, say `we`.' },
  });
  const management = createManagement({
    keys,
    authorize: () => undefined,
    brand: { name: 'API keys', docsUrl: 'https://docs.example.com/?a=1&copy;=2' },
    guide: { dashboardUrl: 'https://my.example.com/keys' },
  });
  return { keys, management };
}

/** The words of the page's main part, in their order. */
export function wordsOfHtml(html: string): string[] {
  const [, main = ''] = /<main[^>]*>(.*)<\/main>/s.exec(html) ?? [];
  const text = main.replace(/<nav.*?<\/nav>/gs, '').replace(/<[^>]+>/g, ' ');
  return wordsIn(decoded(text));
}

/** The same of the Markdown, without the links that the page has in its header. */
export function wordsOfMarkdown(markdown: string, brand: string): string[] {
  const text = markdown
    .replace(` · ${brand}\n`, '\n')
    .replace(/^- \[(?! \]).*\n/gm, '')
    .replace(/\]\(<.*?>\)/g, ' ')
    .replace(/^```\w+$/gm, '')
    .replace(/^\d+\. /gm, '');
  return wordsIn(text);
}

function wordsIn(text: string): string[] {
  return text.match(/[\p{L}\p{N}•]+/gu) ?? [];
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Character references as a browser reads them. */
export function decoded(html: string): string {
  return html.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name = '') =>
    code === undefined ? (NAMED[name] ?? '') : String.fromCharCode(Number(code)),
  );
}

/** The code that the page shows under a label, as whoever copies it has it. */
export function codeOf(html: string, label: string): string[] {
  const figures = html.matchAll(
    /<figcaption>(.*?)<\/figcaption>\s*<pre[^>]*><code>(.*?)<\/code>/gs,
  );
  return [...figures]
    .filter(([, caption]) => caption === label)
    .map(([, , code]) => decoded(code ?? ''));
}
