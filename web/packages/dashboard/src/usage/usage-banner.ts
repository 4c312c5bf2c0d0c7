import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Client } from "../api/client";
import { findUsage, type Limit } from "../api/usage";
import { PageElement, whileVisible } from "../page-element";
import { troubled, warning } from "./limits";

const LOOK_MILLIS = 60_000;

/** Tells on every page of a limit that is near or reached. */
export class UsageBanner extends PageElement {
  @property({ attribute: false }) client!: Client;
  @state() private limits: readonly Limit[] = [];
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = whileVisible(LOOK_MILLIS, () => void this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult | typeof nothing {
    const worst = troubled(this.limits);
    if (worst.length === 0) return nothing;
    return html`<div class="banner ${worst[0]?.state ?? ""}" role="status">
      ${worst.map((limit) => html`<p>${warning(limit)}</p>`)}
      <a href="#/usage">Usage & limits</a>
    </div>`;
  }

  async #look(): Promise<void> {
    const usage = await findUsage(this.client);
    if (usage) this.limits = usage.limits;
  }
}
