import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement } from "./page-element";
import type { Server } from "./server";
import type { NeededEvent, Template } from "./template";

/** Reports to begin with. Emits `made` with the id of the report that was made. */
export class TemplatesPanel extends PageElement {
  @property({ attribute: false }) server: Server | null = null;
  @state() private templates: readonly Template[] | null = null;
  /** The event types of the tenant; null while they are not known. */
  @state() private seen: ReadonlySet<string> | null = null;
  @state() private making = "";
  @state() private failed = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("server") && this.server) void this.#look(this.server);
  }

  protected override render(): TemplateResult {
    return html`<section class="card">
      <h2>New report from a template</h2>
      ${this.failed ? html`<p class="problem" role="alert">${this.failed}</p>` : nothing}
      ${
        this.templates
          ? html`<ul class="templates">
              ${this.templates.map((template) => this.#template(template))}
            </ul>`
          : html`<p class="soft">${this.failed ? "" : "Looking…"}</p>`
      }
    </section>`;
  }

  #template(template: Template): TemplateResult {
    return html`<li>
      <h3>${template.name}</h3>
      <p class="soft">${template.description}</p>
      ${
        template.events.length > 0
          ? html`<ul class="needed" aria-label="Events it needs">
              ${template.events.map((needed) => this.#needed(needed))}
            </ul>`
          : nothing
      }
      <button
        type="button"
        class="small"
        ?disabled=${this.making !== ""}
        @click=${() => void this.#make(template)}
      >
        ${this.making === template.id ? "Making it…" : "Make this report"}
      </button>
    </li>`;
  }

  #needed({ event, note }: NeededEvent): TemplateResult {
    const known = this.seen?.has(event);
    const state = this.seen === null ? "" : known ? "arriving" : "not seen yet";
    return html`<li class=${known ? "good" : ""} title=${note || nothing}>
      <code>${event}</code> <span class="soft">${state}</span>
    </li>`;
  }

  async #look(server: Server): Promise<void> {
    try {
      this.templates = await server.templates();
      this.failed = "";
    } catch (cause) {
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
    try {
      const types = await server.names("/api/v1/event-types?limit=1000", "event_types", "event_type");
      this.seen = new Set(types);
    } catch {
      this.seen = null;
    }
  }

  async #make(template: Template): Promise<void> {
    if (!this.server) return;
    this.making = template.id;
    try {
      const report = await this.server.reportFrom(template.id, "");
      this.failed = "";
      this.dispatchEvent(new CustomEvent<string>("made", { detail: report }));
    } catch (cause) {
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
    this.making = "";
  }
}
