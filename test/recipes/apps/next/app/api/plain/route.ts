/** Without a guard of its own: the second line alone stands before it. */
export const GET = () => Response.json('let in');
