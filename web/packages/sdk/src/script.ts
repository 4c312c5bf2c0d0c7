import type { Settings } from "./settings";
import { createTracker, type Tracker } from "./tracker";

declare global {
  interface Window {
    /** Before the script has loaded, the calls that wait for it. */
    tidemark?: Tracker | (readonly [string, ...unknown[]])[];
  }
}

/** The settings in the attributes of the script's own element. */
function settingsOf(script: HTMLScriptElement): Settings {
  const say = (name: string) => script.getAttribute(`data-${name}`) ?? undefined;
  const pageViews = say("page-views");
  return {
    writeKey: say("write-key"),
    host: say("host") || new URL(script.src).origin,
    pageViews: pageViews === "hash" ? pageViews : pageViews !== "off",
    outboundLinks: say("outbound-links") !== undefined,
    persistence: say("persistence"),
    cookieDomain: say("cookie-domain"),
    consent: say("consent"),
    privacySignals: say("privacy-signals"),
  } as Settings;
}

const script = document.currentScript;
const before = window.tidemark;
// A second copy of the script leaves the first one's tracker.
if (script instanceof HTMLScriptElement && (!before || Array.isArray(before))) {
  const settings = settingsOf(script);
  if (settings.writeKey) {
    const tracker = createTracker(settings);
    window.tidemark = tracker;
    for (const call of before ?? []) tracker.push(call);
  } else {
    // biome-ignore lint/suspicious/noConsole: whoever pastes the tag without its key sees nothing else of it.
    console.error("tidemark.js: the script element has no data-write-key");
  }
}
