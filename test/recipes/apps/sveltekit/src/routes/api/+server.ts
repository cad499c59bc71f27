/** Asks for no principal: the hook alone stands before it. */
export const GET = () => Response.json('let in');
