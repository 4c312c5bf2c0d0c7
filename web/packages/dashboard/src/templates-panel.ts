import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { Catalog } from "./catalog";
import { PageElement } from "./page-element";
import type { Server } from "./server";
import { type NeededEvent, NO_OWN_NAMES, named, type OwnNames, type Template } from "./template";

/** Reports to begin with, in the words of the tenant's events. Emits `made` with the id of the report that was made. */
export class TemplatesPanel extends PageElement {
  @property({ attribute: false }) server: Server | null = null;
  @state() private templates: readonly Template[] | null = null;
  /** What the tenant calls things, by template. */
  @state() private names: ReadonlyMap<string, OwnNames> = new Map();
  @state() private making = "";
  @state() private failed = "";
  #catalog: Catalog | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("server") || !this.server) return;
    this.#catalog = new Catalog(this.server);
    void this.#look(this.server);
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
              ${template.events.map((needed) => this.#needed(template, needed))}
            </ul>`
          : nothing
      }
      <button
        type="button"
        class="small ${template.ready ? "primary" : ""}"
        ?disabled=${this.making !== ""}
        @click=${() => void this.#make(template)}
      >
        ${this.making === template.id ? "Making it…" : "Make this report"}
      </button>
    </li>`;
  }

  /** An event with what is missing of it, where the tenant can say what it is called there. */
  #needed(template: Template, needed: NeededEvent): TemplateResult {
    const own = this.#own(template).events[needed.event];
    const missing = needed.properties.filter((entry) => !entry.exists);
    return html`<li title=${needed.description}>
      <code>${needed.event}</code>
      <span class=${needed.exists ? "arriving" : "soft"}>${needed.exists ? "arriving" : "not seen yet"}</span>
      ${needed.exists ? nothing : this.#ownName(template, "events", needed.event, "")}
      ${missing.map(
        (entry) => html`<div class="of" title=${entry.description}>
          with <code>${entry.property}</code>
          ${this.#ownName(template, "properties", entry.property, own ?? needed.event)}
        </div>`,
      )}
    </li>`;
  }

  #ownName(template: Template, of: keyof OwnNames, theirs: string, event: string): TemplateResult {
    const names = this.#own(template);
    const suggest = (typed: string): Promise<readonly string[]> =>
      (of === "events" ? this.#catalog?.eventTypes(typed) : this.#catalog?.properties(event, typed)) ??
      Promise.resolve([]);
    return html`<name-field
      .label=${`Yours for ${theirs}`}
      placeholder="as it is"
      .value=${names[of][theirs] ?? ""}
      .suggest=${suggest}
      @chosen=${(chosen: CustomEvent<string>) => {
        this.names = new Map(this.names).set(template.id, named(names, of, theirs, chosen.detail));
      }}
    ></name-field>`;
  }

  #own(template: Template): OwnNames {
    return this.names.get(template.id) ?? NO_OWN_NAMES;
  }

  async #look(server: Server): Promise<void> {
    try {
      this.templates = await server.templates();
      this.failed = "";
    } catch (cause) {
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
  }

  async #make(template: Template): Promise<void> {
    if (!this.server) return;
    this.making = template.id;
    try {
      const report = await this.server.reportFrom(template.id, this.#own(template));
      this.failed = "";
      this.dispatchEvent(new CustomEvent<string>("made", { detail: report }));
    } catch (cause) {
      this.failed = cause instanceof Error ? cause.message : String(cause);
    }
    this.making = "";
  }
}
