import { sha256Hex } from '../digest/sha256.ts';

/** A page or a file that is served as it is, to whoever asks: it holds nothing of any owner. */
export interface Page {
  /** Below the path that the handler is mounted under: `/`, `/assets/keys.js`. */
  readonly path: string;
  /** Its Content-Type. */
  readonly type: string;
  readonly body: string;
  /** Its ETag. */
  readonly tag: string;
}

export function page(path: string, type: string, body: string): Page {
  return { path, type, body, tag: `"${sha256Hex(body).slice(0, 32)}"` };
}
