import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { type Health, readHealth } from "../api/operate";
import { PageElement, whileVisible } from "../page-element";

/** Whether the pipeline is ready, and which part is not. */
export class StatusStrip extends PageElement {
  @state() private health: Health | null = null;
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = whileVisible(5000, () => {
      void readHealth().then((health) => {
        this.health = health;
      });
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    const { health } = this;
    if (!health) return html`<p class="status"><span class="dot"></span>Checking</p>`;
    const troubled = health.parts.filter((part) => !part.ready);
    const words = health.ready
      ? "Pipeline ready"
      : troubled.map((part) => `${part.name}: ${part.note}`).join(", ") || "Not ready";
    const all = health.parts.map((part) => `${part.name}: ${part.note}`).join("\n");
    return html`<p class="status ${health.ready ? "good" : "bad"}" role="status" title=${all}>
      <span class="dot"></span><span class="words">${words}</span>
    </p>`;
  }
}
