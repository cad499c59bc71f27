/** Asks for no principal: the middleware alone stands before it. */
export const GET = () => Response.json('let in');
