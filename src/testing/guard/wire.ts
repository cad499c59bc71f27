/** A header field line: a name, in any case, and a value, each character of it one byte. */
export type FieldLine = readonly [name: string, value: string];

/** A request as it goes over the wire. */
export interface WireRequest {
  /** Default `GET`. */
  readonly method?: string;
  readonly path: string;
  /** In their order, a name as often as it is there; without Host and what frames the body. */
  readonly lines?: readonly FieldLine[];
  readonly body?: string;
}

/** An answer as it came over the wire. */
export interface WireResponse {
  /** 0 where the connection was closed without one. */
  readonly status: number;
  /** Names in lower case. */
  readonly lines: readonly FieldLine[];
  readonly body: string;
}

/**
 * Sends requests, each once the one before is answered, and over one connection where there is such
 * a thing. A request that the client's side will not even send counts as one that the host refused:
 * `NOT_SENT` is its answer.
 */
export type Exchange = (requests: readonly WireRequest[]) => Promise<WireResponse[]>;

/** The answer to a request that cannot be sent. */
export const NOT_SENT: WireResponse = { status: 400, lines: [], body: '' };

/** The values of all lines of that name, in lower case. */
export function valuesOf({ lines }: WireResponse, name: string): string[] {
  return lines.filter(([given]) => given === name).map(([, value]) => value);
}
