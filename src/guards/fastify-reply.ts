import type { HttpRefusal } from '../http/refusal.ts';

/** The part of a reply that a refusal needs, so that it fits every server and type provider. */
export interface FastifyReplyLike {
  code(status: number): unknown;
  headers(values: Readonly<Record<string, string>>): unknown;
  serializer(serialize: (payload: string) => string): unknown;
  send(payload: never): unknown;
}

/** Sends a refusal byte for byte, through the application's `onSend` hooks. */
export function sendRefusal(reply: FastifyReplyLike, { status, headers, body }: HttpRefusal): void {
  reply.code(status);
  reply.headers(headers);
  // Replaces a serializer that an earlier hook has set, which could rewrite the body.
  reply.serializer((text) => text);
  // The schema of a route types its replies, and does not include this one.
  reply.send(body as never);
}
