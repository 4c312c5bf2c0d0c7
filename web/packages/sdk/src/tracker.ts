import { type Callback, type CallOptions, type Properties, type Read, read } from "./arguments";
import { watchMarked, watchOutboundLinks } from "./capture";
import { handOver } from "./farewell";
import { identity } from "./identity";
import { newId } from "./ids";
import { outbox } from "./outbox";
import { pageContext } from "./page-context";
import { watchPageViews } from "./page-views";
import { permission, type Signals } from "./permission";
import { addressOf, poster } from "./post";
import { sender } from "./sender";
import { session } from "./session";
import type { Settings } from "./settings";
import { cookiePlace, type GatedStore, gatedStore, localPlace, memoryStore, storeAt } from "./store";
import { leaseTurn, lockTurn } from "./turn";

/** What a server takes of one event. */
const MOST_CHARS = 32_000;
/** How long a callback waits, so that what was called has a chance to be under way. */
const CALLBACK_MILLIS = 300;
/** How long it is left to the browser to deliver what a page handed over when it was hidden. */
const HANDED_OVER_MILLIS = 30_000;

/** Sends events to one Tidemark server. Its methods never throw; arguments may be left out as in Segment's libraries. */
export interface Tracker {
  track(event: string, properties?: Properties, options?: CallOptions, callback?: Callback): void;
  track(event: string, properties: Properties | undefined, callback: Callback): void;
  track(event: string, callback: Callback): void;
  page(
    category: string,
    name: string,
    properties?: Properties,
    options?: CallOptions,
    callback?: Callback,
  ): void;
  page(name: string, properties?: Properties, options?: CallOptions, callback?: Callback): void;
  page(properties?: Properties, options?: CallOptions, callback?: Callback): void;
  page(callback: Callback): void;
  identify(
    userId: string | number | null,
    traits?: Properties,
    options?: CallOptions,
    callback?: Callback,
  ): void;
  identify(traits: Properties, options?: CallOptions, callback?: Callback): void;
  identify(userId: string | number, callback: Callback): void;
  group(groupId: string | number, traits?: Properties, options?: CallOptions, callback?: Callback): void;
  group(groupId: string | number, callback: Callback): void;
  /** Says that somebody who was known by another id, by default the present one, is known by this one too. */
  alias(
    userId: string | number,
    previousId?: string | number,
    options?: CallOptions,
    callback?: Callback,
  ): void;
  /** Forgets who the visitor is, as after signing out. */
  reset(): void;
  /** Sends nothing from now on, here and on later visits, and forgets what was stored. */
  optOut(): void;
  /** The visitor agrees: sends what has waited, and everything from now on. */
  optIn(): void;
  /** Sends now what waits to be sent. */
  flush(): void;
  /** Calls a method by its name, as in `push(["track", "sign_up"])`. */
  push(call: readonly [string, ...unknown[]]): void;
  /** The id of this visitor, for a server that sends events of the same person. */
  anonymousId(): string;
}

/** The name or id that a call cannot be without. */
function firstOf({ texts }: Read): string {
  if (!texts[0]) throw new TypeError("a name or id is missing");
  return texts[0];
}

/** Makes a tracker and starts what the settings ask for, once the calls that follow at once have been made. */
export function createTracker(settings: Settings): Tracker {
  const { persistence = "localStorage", pageViews = true, writeKey } = settings;
  const prefix = `tidemark.${writeKey.slice(-8)}.`;
  const lasting = persistence === "memory" ? memoryStore() : storeAt(localPlace, prefix);
  const person = persistence === "cookie" ? storeAt(cookiePlace(settings.cookieDomain), prefix) : lasting;
  const gates = [...new Set([person, lasting])].map(gatedStore);
  const [known, queued = known] = gates as [GatedStore, GatedStore?];
  const permitted = permission(settings, person, navigator as Signals);
  const waiting = outbox(queued);
  const visitor = identity(known);
  const visit = session(known);
  const address = addressOf(settings.host, writeKey);
  const handedOver = new Set<string>();
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  let referrer = document.referrer;

  const onError = (problem: unknown) => {
    try {
      settings.onError?.(problem);
    } catch {
      // Nobody is left to be told.
    }
  };
  /** A function that tells of its failures instead of having them. */
  const safely =
    <A extends unknown[]>(act: (...given: A) => void) =>
    (...given: A): void => {
      try {
        act(...given);
      } catch (problem) {
        onError(problem);
      }
    };

  const sends = sender({
    outbox: waiting,
    post: poster(address),
    inTurn: locks ? lockTurn(locks, prefix) : leaseTurn(lasting),
    onError,
    handedOver,
  });

  /** Whether events may be sent, with what follows from it for what is kept. */
  const allowed = () => {
    const now = permitted.current();
    if (now === "granted") for (const gate of gates) gate.open();
    return now;
  };

  const record = (type: string, { options, callback }: Read, content: Properties) => {
    const now = allowed();
    if (callback) setTimeout(safely(callback), CALLBACK_MILLIS);
    if (now === "denied") return;
    const text = JSON.stringify({
      event_type: type,
      event_id: options.messageId || newId(),
      timestamp: new Date(options.timestamp ?? Date.now()).toISOString(),
      user_id: options.userId || visitor.userId() || undefined,
      anonymous_id: options.anonymousId || visitor.anonymousId(),
      session_id: visit(),
      ...content,
      context: { ...pageContext(referrer), ...options.context },
    });
    if (text.length > MOST_CHARS) throw new RangeError(`${type} is larger than ${MOST_CHARS} characters`);
    waiting.add(text);
    if (now !== "granted") return;
    if (callback) sends.flush();
    else sends.added();
  };

  const track = safely((...given: unknown[]) => {
    const call = read(given, 1);
    record(firstOf(call), call, { properties: call.properties });
  });

  const page = safely((...given: unknown[]) => {
    const call = read(given, 2);
    const [name, category] = call.texts.filter(Boolean).reverse();
    record("page_view", call, { properties: { name, category, ...call.properties } });
  });

  const farewell = safely(() => {
    if (allowed() !== "granted") return;
    const taken = handOver(address, waiting.ofThisPage(handedOver));
    for (const { name } of taken) handedOver.add(name);
    // A page that stays alive makes sure, with the ids that keep anything from being counted twice.
    setTimeout(() => {
      handedOver.clear();
      sends.flush();
    }, HANDED_OVER_MILLIS);
  });

  const tracker = {
    track,
    page,
    identify: safely((...given: unknown[]) => {
      const call = read(given, 1);
      if (call.texts[0] && allowed() !== "denied") visitor.identify(call.texts[0]);
      record("identify", call, { traits: call.properties });
    }),
    group: safely((...given: unknown[]) => {
      const call = read(given, 1);
      record("group", call, { properties: { group_id: firstOf(call), group: call.properties } });
    }),
    alias: safely((...given: unknown[]) => {
      const call = read(given, 2);
      const options = { ...call.properties, userId: firstOf(call) };
      const previous_id = call.texts[1] || visitor.userId() || visitor.anonymousId();
      record("alias", { ...call, options }, { properties: { previous_id } });
    }),
    reset: safely(() => visitor.reset()),
    optOut: safely(() => {
      for (const gate of gates) gate.close();
      permitted.choose("out");
    }),
    optIn: safely(() => {
      permitted.choose("in");
      allowed();
      sends.flush();
    }),
    flush: safely(() => {
      if (allowed() === "granted") sends.flush();
    }),
    push: safely(([name, ...given]: readonly [string, ...unknown[]]) =>
      (tracker as unknown as Record<string, (...all: unknown[]) => void>)[name]?.(...given),
    ),
    anonymousId: () => visitor.anonymousId(),
  };

  const start = safely(() => {
    watchMarked(track);
    if (settings.outboundLinks) watchOutboundLinks(track);
    addEventListener("online", tracker.flush);
    addEventListener("pagehide", farewell);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && farewell());
    if (pageViews) {
      watchPageViews(pageViews === "hash", (from) => {
        referrer = from;
        page();
      });
    }
    // What an earlier page could not send.
    tracker.flush();
  });
  Promise.resolve().then(start);
  return tracker;
}
