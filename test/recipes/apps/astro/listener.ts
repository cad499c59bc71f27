// Not there when types are checked.
const built = await import(new URL('./dist/server/entry.mjs', import.meta.url).href);

export default built.handler;
