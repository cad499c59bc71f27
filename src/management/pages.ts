import { sha256Hex } from '../digest/sha256.ts';

/** The Content-Types of files that pages load. */
const FILE_TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** A page or a file that every caller receives unchanged. It holds no data of an owner. */
export interface Page {
  /** Relative to the path at which the handler is mounted: `/`, `/assets/keys.js`. */
  readonly path: string;
  /** Its Content-Type. */
  readonly type: string;
  readonly body: string;
  /** Its ETag. */
  readonly tag: string;
  /** Whether the path contains a digest of the body, so that caches need not revalidate. */
  readonly immutable?: boolean;
}

export function page(path: string, type: string, body: string): Page {
  return { path, type, body, tag: `"${sha256Hex(body).slice(0, 32)}"` };
}

/** A file that pages load. Its name contains its digest, so that caches need not revalidate. */
export function asset(name: string, extension: keyof typeof FILE_TYPES, body: string): Page {
  const { tag, type } = page('', FILE_TYPES[extension], body);
  return {
    path: `/assets/${name}-${tag.slice(1, 17)}.${extension}`,
    type,
    body,
    tag,
    immutable: true,
  };
}

/** A page that is rendered on request. */
export interface DynamicPage {
  readonly path: string;
  /** @param origin the origin of the request, for absolute addresses */
  render(origin: string): Promise<Page>;
}

export function dynamicPage(
  path: string,
  content: (origin: string) => Promise<Pick<Page, 'type' | 'body'>>,
): DynamicPage {
  return {
    path,
    async render(origin) {
      const { type, body } = await content(origin);
      return page(path, type, body);
    },
  };
}

/** Calls `load` on first use and keeps its result. After a failure, the next call loads again. */
export function lazy<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let pending: Promise<Value> | undefined;
  return () => {
    pending ??= load().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}
