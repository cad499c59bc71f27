/** A header field line: a name in any case, and a value with one byte per character. */
export type FieldLine = readonly [name: string, value: string];

/** A request as it is sent. */
export interface WireRequest {
  /** Default `GET`. */
  readonly method?: string;
  readonly path: string;
  /** The lines in order, with repeated names, but without Host and the headers that frame the body. */
  readonly lines?: readonly FieldLine[];
  readonly body?: string;
}

/** A response as it was received. */
export interface WireResponse {
  /** 0 if the connection was closed without a response. */
  readonly status: number;
  /** Names in lower case. */
  readonly lines: readonly FieldLine[];
  readonly body: string;
}

/**
 * Sends requests one after the other, each after the response to the previous one, on one connection if
 * there are connections. A request that the client cannot send counts as rejected by the server: its
 * response is `NOT_SENT`.
 */
export type Exchange = (requests: readonly WireRequest[]) => Promise<WireResponse[]>;

/** The response to a request that cannot be sent. */
export const NOT_SENT: WireResponse = { status: 400, lines: [], body: '' };

/** The values of all lines with a name, given in lower case. */
export function valuesOf({ lines }: WireResponse, name: string): string[] {
  return lines.filter(([lineName]) => lineName === name).map(([, value]) => value);
}
