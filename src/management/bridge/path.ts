import type { MountedHandler } from '../management.ts';
import { isPathBelow } from '../request-address.ts';

/** Whether a request is below the path at which the handler is mounted. */
export function isBelow({ basePath }: MountedHandler, request: Request): boolean {
  return isPathBelow(new URL(request.url).pathname, basePath);
}
