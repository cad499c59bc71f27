import type { Management } from '../management.ts';

/** Whether a request is the handler's to answer. */
export function isBelow({ basePath }: Management, request: Request): boolean {
  const { pathname } = new URL(request.url);
  return pathname === basePath || pathname.startsWith(`${basePath}/`);
}
