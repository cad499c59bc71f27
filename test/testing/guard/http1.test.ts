import { describe, expect, it } from 'vitest';
import { readResponse, requestText } from '../../../src/testing/guard/http1.ts';

function read(text: string, { method = 'GET', ended = false } = {}) {
  return readResponse({ text: text.replaceAll('\n', '\r\n'), ended }, method);
}

describe('a request on the wire', () => {
  it('has every line as it was given, and a length for its body', () => {
    const lines = [
      ['Authorization', 'Bearer a'],
      ['AUTHORIZATION', 'Bearer b\0'],
    ] as const;
    expect(requestText({ path: '/x?y', lines }, 'a:1')).toBe(
      'GET /x?y HTTP/1.1\r\nHost: a:1\r\nAuthorization: Bearer a\r\nAUTHORIZATION: Bearer b\0\r\n\r\n',
    );
    expect(requestText({ method: 'POST', path: '/', body: 'ü' }, 'a')).toBe(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\u00c3\u00bc',
    );
  });
});

describe('an answer on the wire', () => {
  it('has a body as long as it says, and the next answer after it', () => {
    expect(
      read('HTTP/1.1 401 Unauthorized\nA: 1\na:  2 \nContent-Length: 2\n\nokHTTP/1.1'),
    ).toEqual({
      response: {
        status: 401,
        lines: [
          ['a', '1'],
          ['a', '2'],
          ['content-length', '2'],
        ],
        body: 'ok',
      },
      rest: 'HTTP/1.1',
    });
  });

  it('is not there until it is whole', () => {
    const whole = 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n';
    for (let end = 0; end < whole.length; end++) {
      expect(read(whole.slice(0, end)), whole.slice(0, end)).toBeUndefined();
    }
    expect(read('HTTP/1.1 200 OK\nContent-Length: 3\n\nab')).toBeUndefined();
    expect(read(whole)?.response.body).toBe('abc');
  });

  it('is put together from chunks, whose trailers are passed over', () => {
    const chunked =
      'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nab\nA;x=y\n0123456789\n0\nX: y\n\n';
    expect(read(`${chunked}rest`)).toMatchObject({
      response: { body: 'ab0123456789' },
      rest: 'rest',
    });
  });

  it('ends with the connection where it has no length', () => {
    expect(read('HTTP/1.0 400 Bad Request\n\nno')).toBeUndefined();
    expect(read('HTTP/1.0 400 Bad Request\n\nno', { ended: true })?.response).toEqual({
      status: 400,
      lines: [],
      body: 'no',
    });
  });

  it('has no body after HEAD, nor with 204 and 304', () => {
    const head = 'HTTP/1.1 401 Unauthorized\nContent-Length: 5\n\n';
    expect(read(`${head}rest`, { method: 'HEAD' })).toMatchObject({
      response: { body: '' },
      rest: 'rest',
    });
    for (const status of ['204 No Content', '304 Not Modified']) {
      expect(read(`HTTP/1.1 ${status}\n\nrest`)).toMatchObject({ rest: 'rest' });
    }
  });

  it('is the final one, where interim ones come before it', () => {
    const text = 'HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n';
    expect(read(text)?.response.status).toBe(200);
  });

  it('is read as UTF-8, byte for byte', () => {
    const text = 'HTTP/1.1 200 OK\nContent-Length: 5\n\n\u00ef\u00bb\u00bf\u00c3\u00bc';
    expect(read(text)?.response.body).toBe('\ufeff\u00fc');
  });
});
