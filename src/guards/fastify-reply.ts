import type { HttpRefusal } from '../http/refusal.ts';

/** The part of a reply that a refusal needs, so that it fits every server and type provider. */
export interface FastifyReplyLike {
  code(status: number): unknown;
  headers(values: Readonly<Record<string, string>>): unknown;
  serializer(serialize: (payload: string) => string): unknown;
  send(payload: never): unknown;
}

/** Sends a refusal byte for byte, through the host's own `onSend` hooks. */
export function sendRefusal(reply: FastifyReplyLike, { status, headers, body }: HttpRefusal): void {
  reply.code(status);
  reply.headers(headers);
  // One of the reply's own, as a serializer that an earlier hook has set would rewrite the text.
  reply.serializer((text) => text);
  // The type of a route's reply is that of its own answers, and this is none of them.
  reply.send(body as never);
}
