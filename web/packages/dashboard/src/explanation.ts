/** How an answer came about, as `explain=true` tells. */
export interface Explanation {
  /** The tables that were read. */
  readonly path: string;
  readonly statements: readonly {
    readonly path?: string;
    readonly sql: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly rows_read: number;
    readonly milliseconds: number;
  }[];
  readonly buckets?: { readonly total: number; readonly from_cache: number };
  readonly rows_read: number;
  readonly milliseconds: number;
}
