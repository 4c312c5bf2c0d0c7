export type { Callback, CallOptions, Properties } from "./arguments";
export type { Settings } from "./settings";
export { createTracker, type Tracker } from "./tracker";
