import type { Settings } from "./settings";
import { createTracker as inBrowser, type Tracker } from "./tracker";

export type { Callback, CallOptions, Properties } from "./arguments";
export type { Settings, Tracker };

const nothing = () => {};

/** What stands for a tracker where pages are made on a server: it takes every call and does nothing. */
const silent: Tracker = {
  track: nothing,
  page: nothing,
  identify: nothing,
  group: nothing,
  alias: nothing,
  reset: nothing,
  optOut: nothing,
  optIn: nothing,
  flush: nothing,
  push: nothing,
  anonymousId: () => "",
};

/** Makes a tracker and starts what the settings ask for; outside of a browser one that does nothing. */
export function createTracker(settings: Settings): Tracker {
  return typeof document === "undefined" ? silent : inBrowser(settings);
}
