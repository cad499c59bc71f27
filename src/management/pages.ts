import { sha256Hex } from '../digest/sha256.ts';

/** The Content-Types of files that pages load. */
const FILE_TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** A page or a file that is served as it is, to whoever asks: it holds nothing of any owner. */
export interface Page {
  /** Below the path that the handler is mounted under: `/`, `/assets/keys.js`. */
  readonly path: string;
  /** Its Content-Type. */
  readonly type: string;
  readonly body: string;
  /** Its ETag. */
  readonly tag: string;
  /** Whether the path tells what is in it, so that nobody need ask again. */
  readonly immutable?: boolean;
}

export function page(path: string, type: string, body: string): Page {
  return { path, type, body, tag: `"${sha256Hex(body).slice(0, 32)}"` };
}

/** A file that pages load, named by its digest: whoever has it need never ask again. */
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

/** A page that is made when somebody asks for it, of what is not known before. */
export interface LatePage {
  readonly path: string;
  made(): Promise<Page>;
}

export function latePage(path: string, make: () => Promise<Pick<Page, 'type' | 'body'>>): LatePage {
  return {
    path,
    made: madeOnce(async () => {
      const { type, body } = await make();
      return page(path, type, body);
    }),
  };
}

/** Makes a thing when it is first asked for. Where that fails, the next who asks has it made again. */
export function madeOnce<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let pending: Promise<Made> | undefined;
  return () => {
    pending ??= make().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}
