import next from 'next';

const app = next({ dev: false, dir: import.meta.dirname });
await app.prepare();

export default app.getRequestHandler();
