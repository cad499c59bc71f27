/** Without a guard of its own: the middleware above it is what stands before it. */
export const loader = () => Response.json('let in');
