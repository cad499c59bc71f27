import type { ServerResponse } from 'node:http';

/**
 * Writes a Web response, no faster than the client reads. Resolves when all is written, or when the
 * client is gone and the rest of the body has been given up.
 */
export async function writeResponse(res: ServerResponse, response: Response): Promise<void> {
  const { status, headers, body } = response;
  for (const [name, value] of headers) {
    if (name !== 'set-cookie') res.setHeader(name, value);
  }
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) res.setHeader('Set-Cookie', cookies);
  // A body that was refused for its size is still arriving: nobody reads the rest of it.
  if (!res.req.complete && res.req.httpVersionMajor === 1) res.setHeader('Connection', 'close');
  res.writeHead(status);
  if (body === null) res.end();
  else await pump(res, body);
}

async function pump(res: ServerResponse, body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  const gone = () => void reader.cancel().catch(() => {});
  res.once('close', gone);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      if (!res.write(value)) await drained(res);
    }
    res.end();
  } catch {
    // The answer has begun, so breaking off is the only way to say that it is not whole.
    res.destroy();
  } finally {
    res.off('close', gone);
  }
}

/** Resolves when the client has read on, or is gone. */
function drained(res: ServerResponse): Promise<void> {
  if (res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}
