import { type Exchange, NOT_SENT, type WireRequest, type WireResponse } from './wire.ts';

/** A server as a function from `Request` to `Response`. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/** Calls the handler. A request that `Request` or `Headers` reject counts as not sent. */
export function webExchange(handler: WebHandler): Exchange {
  return async (requests) => {
    const answers: WireResponse[] = [];
    for (const wire of requests) {
      const request = requestOf(wire);
      answers.push(request === undefined ? NOT_SENT : await wireOf(await handler(request)));
    }
    return answers;
  };
}

function requestOf({ method = 'GET', path, lines = [], body }: WireRequest): Request | undefined {
  try {
    const headers = new Headers(lines.map(([name, value]) => [name, value]));
    return new Request(`http://guard.test${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    return undefined;
  }
}

async function wireOf(response: Response): Promise<WireResponse> {
  return {
    status: response.status,
    lines: [...response.headers],
    body: await response.text(),
  };
}
