import type { ServerResponse } from 'node:http';

/**
 * Writes a Web response, no faster than the client reads. Resolves when the response has been written, or
 * when the client has disconnected and the rest of the body has been cancelled.
 */
export async function writeResponse(res: ServerResponse, response: Response): Promise<void> {
  const { status, headers, body } = response;
  for (const [name, value] of headers) {
    if (name !== 'set-cookie') res.setHeader(name, value);
  }
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) res.setHeader('Set-Cookie', cookies);
  // A body that was refused for its size is still arriving, and its rest is never read.
  if (!res.req.complete && res.req.httpVersionMajor === 1) res.setHeader('Connection', 'close');
  res.writeHead(status);
  if (body === null) res.end();
  else await pump(res, body);
}

async function pump(res: ServerResponse, body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  res.once('close', cancel);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      if (!res.write(value)) await drained(res);
    }
    res.end();
  } catch {
    // The response has begun, so only a broken connection shows that it is incomplete.
    res.destroy();
  } finally {
    res.off('close', cancel);
  }
}

/** Resolves when the client has read the buffered data, or has disconnected. */
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
