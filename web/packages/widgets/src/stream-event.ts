/** One event of a report's stream, whatever carried it. */
export interface StreamEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** An open stream. Ends by itself with `onEnd`, or silently with `close`. */
export interface Stream {
  close(): void;
}

/** What a stream is told to do. */
export interface StreamOptions {
  readonly url: string;
  readonly token: string;
  /** The id of the last event that was seen. */
  readonly lastSeen: string | null;
  readonly onEvent: (event: StreamEvent) => void;
  /** Once: with the failure, or null where the other side ended it without one. */
  readonly onEnd: (failure: unknown) => void;
}

export type OpenStream = (options: StreamOptions) => Stream;
