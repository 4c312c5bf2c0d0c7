import type { EmbedAnswer } from "@tidemark/widgets/api";
import { label } from "@tidemark/widgets/format";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement } from "./page-element";
import type { Server } from "./server";

const THEMES = ["auto", "light", "dark"] as const;

/** The code that puts a report into another product, and a preview of what it shows there. */
export class EmbedPanel extends PageElement {
  @property({ attribute: false }) server: Server | null = null;
  @property() report = "";
  @state() private theme: (typeof THEMES)[number] = "auto";
  @state() private embed: EmbedAnswer | null = null;
  @state() private failed = "";

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("report") || changed.has("theme") || changed.has("server")) void this.#ask();
  }

  protected override render(): TemplateResult {
    return html`<section class="card embed">
      <div class="row">
        <h2>Embed this report</h2>
        <div class="segments" role="group" aria-label="Theme">
          ${THEMES.map(
            (theme) => html`<button
              type="button"
              aria-pressed=${theme === this.theme ? "true" : "false"}
              @click=${() => {
                this.theme = theme;
              }}
            >${label(theme)}</button>`,
          )}
        </div>
      </div>
      <p class="soft">
        The token in this code is signed and expires. In your product, have your server ask
        <code>GET /api/v1/reports/${this.report}/embed</code> with the secret key for each visitor.
      </p>
      ${this.failed ? html`<p role="alert" class="problem">${this.failed}</p>` : nothing}
      ${this.embed ? this.#code(this.embed) : nothing}
    </section>`;
  }

  #code(embed: EmbedAnswer): TemplateResult {
    const url = new URL(embed.embed_url, location.origin);
    return html`<div class="two">
        <copyable-code label="As an iframe" .text=${embed.embed_code}></copyable-code>
        <copyable-code label="As an element" .text=${embed.javascript_sdk}></copyable-code>
      </div>
      <h3>Preview</h3>
      <iframe class="preview" title="Preview of the embedded report" src=${url.pathname + url.search}></iframe>`;
  }

  async #ask(): Promise<void> {
    const { server, report, theme } = this;
    if (!server || report === "") return;
    try {
      const embed = await server.embed(report, theme);
      if (report !== this.report || theme !== this.theme) return;
      this.embed = embed;
      this.failed = "";
    } catch (cause) {
      this.embed = null;
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
  }
}
