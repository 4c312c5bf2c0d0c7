import type { Outbox, Waiting } from "./outbox";
import type { Post } from "./post";
import type { InTurn } from "./turn";

const MOST_EVENTS = 50;
const LINGER_MILLIS = 100;
const MOST_CHARS = 200_000;
const LONGEST_PAUSE_MILLIS = 60_000;
/** In an answer that takes some events and not others. */
const REJECTIONS = /"rejected":[1-9]/;
/** How long another tab is left to send what there is. */
const OTHERS_MILLIS = 2_000;

export interface SenderParts {
  readonly outbox: Outbox;
  readonly post: Post;
  readonly inTurn: InTurn;
  readonly onError: (problem: unknown) => void;
  /** What a page on its way out has handed to the browser already. */
  readonly handedOver: ReadonlySet<string>;
}

/**
 * Sends what is in the outbox: 50 events at once or what there is after 100 ms. What may pass is tried again, after pauses that double
 * and are half chance and never shorter than the server asks; what the server refuses is given up.
 */
export function sender({ outbox, post, inTurn, onError, handedOver }: SenderParts) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  let waiting = 0;
  let failures = 0;
  let notBefore = 0;
  /** Until when the server asks to be left alone. */
  let asked = 0;
  let most = MOST_EVENTS;
  let sending = false;
  let again = false;

  const plan = (millis: number) => {
    const at = Math.max(Date.now() + millis, notBefore);
    if (timer !== undefined && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => void send(), at - Date.now());
  };

  const pause = (askedMillis: number) => {
    failures += 1;
    const longest = Math.min(LONGEST_PAUSE_MILLIS, 1000 * 2 ** (failures - 1));
    asked = Date.now() + askedMillis;
    notBefore = Math.max(asked, Date.now() + longest * (0.5 + Math.random() / 2));
    plan(0);
  };

  /** Whether to go on with what is left. */
  const settle = async (batch: readonly Waiting[]): Promise<boolean> => {
    const { status, retryAfterMillis, text } = await post(batch.map((event) => event.text));
    if (status === 0 || status === 408 || status === 429 || status >= 500) {
      pause(retryAfterMillis);
      return false;
    }
    failures = 0;
    if (status === 413 && batch.length > 1) {
      most = batch.length >> 1;
      return true;
    }
    most = Math.min(MOST_EVENTS, most + 1);
    outbox.remove(batch);
    if (status >= 400 || REJECTIONS.test(text)) onError(new Error(`${status}: ${text}`));
    return true;
  };

  const drain = async () => {
    for (;;) {
      const batch = outbox.oldest(most, MOST_CHARS, handedOver);
      if (batch.length === 0 || !(await settle(batch))) return;
    }
  };

  const send = async () => {
    clearTimeout(timer);
    timer = undefined;
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    waiting = 0;
    try {
      if (!(await inTurn(drain))) plan(OTHERS_MILLIS);
    } catch (problem) {
      onError(problem);
      pause(0);
    }
    sending = false;
    if (again) {
      again = false;
      plan(LINGER_MILLIS);
    }
  };

  return {
    /** Says that an event was added. */
    added(): void {
      waiting += 1;
      plan(waiting >= MOST_EVENTS ? 0 : LINGER_MILLIS);
    },
    /** Sends now, unless the server has asked for a pause. */
    flush(): void {
      notBefore = asked;
      plan(0);
    },
  };
}
