import type { Principal } from 'keywright';
import type { Mutant } from './broken.ts';

/** Mistakes in the answer, and in when it is sent. */
export const answeringMutants: Readonly<Record<string, Mutant>> = {
  'tells the reason in the body': {
    mistake: {
      refuse: (_request, { status, headers }, reason) =>
        new Response(JSON.stringify({ error: reason }), { status, headers }),
    },
    caughtBy: 'a key: refuses with the same bytes: revoked',
  },
  'tells the reason in a header': {
    mistake: {
      refuse: (request, { status, headers, body }, reason) =>
        new Response(request.method === 'HEAD' ? null : body, {
          status,
          headers: { ...headers, 'X-Reason': reason },
        }),
    },
    caughtBy: 'a key: refuses with the same bytes: expired',
  },
  'answers 403 to a key of another environment': {
    mistake: {
      refuse: (_request, { status, headers, body }, reason) =>
        new Response(body, { status: reason === 'environment' ? 403 : status, headers }),
    },
    caughtBy: 'a key: refuses with the same bytes: environment',
  },
  'adds an error to the challenge of a wrong token': {
    mistake: {
      refuse: (_request, { status, headers, body }, reason) =>
        new Response(body, {
          status,
          headers:
            reason === 'absent'
              ? headers
              : { ...headers, 'WWW-Authenticate': 'Bearer realm="api", error="invalid_token"' },
        }),
    },
    caughtBy: 'a key: refuses with the same bytes: unknown',
  },
  'leaves the challenge out': {
    mistake: {
      refuse: (_request, { status, headers, body }) => {
        const { 'WWW-Authenticate': _challenge, ...rest } = headers;
        return new Response(body, { status, headers: rest });
      },
    },
    caughtBy: 'refuses with the same bytes: no line',
  },
  'lets refusals be cached': {
    mistake: {
      refuse: (_request, { status, headers, body }) => {
        const { 'Cache-Control': _control, ...rest } = headers;
        return new Response(body, { status, headers: rest });
      },
    },
    caughtBy: 'refuses with the same bytes: no line',
  },
  'writes the body anew': {
    mistake: {
      refuse: (_request, { status, headers, body }) =>
        new Response(JSON.stringify(JSON.parse(body), null, 1), { status, headers }),
    },
    caughtBy: 'wording: sends the refusal of the specification if the service has a manageUrl',
  },
  'counts characters for bytes': {
    mistake: {
      refuse: (request, { status, headers, body }) =>
        new Response(request.method === 'HEAD' ? null : body, {
          status,
          headers: { ...headers, 'Content-Length': String(body.length) },
        }),
    },
    caughtBy: 'wording: counts the bytes of a message, not its characters',
  },
  'sends a body to HEAD': {
    mistake: {
      refuse: (_request, { status, headers, body }) => new Response(body, { status, headers }),
    },
    caughtBy: 'methods: answers HEAD with the headers of the refusal and without its body',
  },
  'says that HEAD would have no body': {
    mistake: {
      refuse: (request, { status, headers, body }) =>
        request.method === 'HEAD'
          ? new Response(null, { status, headers: { ...headers, 'Content-Length': '0' } })
          : new Response(body, { status, headers }),
    },
    caughtBy: 'methods: answers HEAD with the headers of the refusal and without its body',
  },
  'lets OPTIONS pass': {
    mistake: {
      first: (request) =>
        request.method === 'OPTIONS' ? new Response(null, { status: 204 }) : undefined,
    },
    caughtBy: 'methods: refuses a CORS preflight like any other request',
  },
  'runs the handler and then refuses': {
    mistake: {
      first: (request, handler) => {
        handler(request, { owner: 'org_1' } as Principal);
        return undefined;
      },
    },
    caughtBy: 'refuses with the same bytes: no line',
  },
};
