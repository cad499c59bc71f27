/** The rows of an import, counted by result. */
export interface ImportCounts {
  /** Rows that were read from the source. */
  readonly read: number;
  /** Keys that were added. */
  readonly imported: number;
  /** Keys that already existed and match their row. */
  readonly present: number;
  /** Keys that already existed and differ from their row. They were not changed. */
  readonly different: number;
  /** Rows that are invalid. */
  readonly invalid: number;
}

/** A row that was not imported. `row` counts from 1. */
export type ImportProblem =
  | {
      readonly kind: 'invalid';
      readonly row: number;
      /** The field at fault, such as `metadata.plan`. */
      readonly argument: string;
      readonly message: string;
    }
  | {
      readonly kind: 'different';
      readonly row: number;
      /** The existing key with this digest. */
      readonly keyId: string;
      /** The fields in which the key differs from the row, such as `owner`. */
      readonly fields: readonly string[];
    };

/** The result of an import. */
export interface ImportReport extends ImportCounts {
  /** The first 1,000 problems; `onProblem` is called for each. */
  readonly problems: readonly ImportProblem[];
}
