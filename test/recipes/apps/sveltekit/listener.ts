// Not there when types are checked.
const built = await import(new URL('./build/handler.js', import.meta.url).href);

export default built.handler;
