import type { Settings } from "./settings";
import type { Store } from "./store";

/** Whether events may be sent: yes, not yet (they wait in memory), or no (they are not even made). */
export type Permission = "granted" | "pending" | "denied";

/** What a browser says about the wishes of its user. */
export interface Signals {
  readonly doNotTrack?: string | null | undefined;
  readonly globalPrivacyControl?: boolean | undefined;
}

const CHOICE = "choice";

/** The visitor's own choice comes first, then the browser's signals, then what the site assumes. */
export function permission(settings: Settings, choices: Store, signals: Signals) {
  return {
    current(): Permission {
      const choice = choices.get(CHOICE);
      if (choice) return choice === "in" ? "granted" : "denied";
      const objects = signals.globalPrivacyControl || /^(1|yes)$/.test(signals.doNotTrack ?? "");
      if (objects && settings.privacySignals !== "ignore") return "denied";
      return settings.consent === "required" ? "pending" : "granted";
    },
    choose(choice: "in" | "out"): void {
      choices.set(CHOICE, choice);
    },
  };
}
