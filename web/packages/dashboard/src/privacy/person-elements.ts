import { defineGovernanceElements } from "../parts/governance-elements";
import { PersonDeeds } from "./person-deeds";

/** Registers what is done for a person, on whichever page comes first. */
export function definePersonDeeds(): void {
  defineGovernanceElements();
  if (!customElements.get("person-deeds")) customElements.define("person-deeds", PersonDeeds);
}
