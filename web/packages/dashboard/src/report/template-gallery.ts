import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import { createReport, listTemplates, reportFrom } from "../api/reports";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Loader } from "../parts/loader";
import { suggestEvents } from "../question/pickers";
import { go } from "../shell/route";
import { type NeededEvent, NO_OWN_NAMES, named, type OwnNames, type Template } from "../template";

/** Reports to begin with: an empty one, or a template in the words of the tenant's events. */
export class TemplateGallery extends PageElement {
  @property({ attribute: false }) app!: App;
  /** What the tenant calls things, by template. */
  @state() private names: ReadonlyMap<string, OwnNames> = new Map();
  @state() private making = "";
  @state() private failed = "";
  readonly #templates = new Loader<readonly Template[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#templates.load(() => listTemplates(this.app.client));
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head">
        <h1>New report</h1>
        <div class="actions"><a class="button" href="#/reports">Cancel</a></div>
      </div>
      ${this.failed ? html`<p class="problem card" role="alert">${this.failed}</p>` : nothing}
      <section class="card begin">
        <div>
          <h2>An empty report</h2>
          <p class="soft">Choose every widget yourself.</p>
        </div>
        <button type="button" class="primary" ?disabled=${this.making !== ""} @click=${this.#empty}>
          ${this.making === "empty report" ? "Making it…" : "Start empty"}
        </button>
      </section>
      <h2 class="between">Or begin with a template</h2>
      ${this.#templates.view(
        (templates) =>
          html`<ul class="templates">
          ${templates.filter((template) => template.events.length > 0).map((template) => this.#template(template))}
        </ul>`,
      )}`;
  }

  #template(template: Template): TemplateResult {
    return html`<li class="card">
      <h3>${template.name}</h3>
      <p class="soft">${template.description}</p>
      ${
        template.events.length > 0
          ? html`<ul class="needed" aria-label=${`Events that ${template.name} needs`}>
                ${template.events.map((needed) => need(needed))}
              </ul>
              ${template.ready ? nothing : this.#ownNames(template)}`
          : nothing
      }
      <button
        type="button"
        class=${template.ready ? "primary" : ""}
        ?disabled=${this.making !== ""}
        aria-label=${`Make this report: ${template.name}`}
        @click=${() => void this.#make(template)}
      >
        ${this.making === template.id ? "Making it…" : "Make this report"}
      </button>
    </li>`;
  }

  /** What is missing of a template, where the tenant can say what it is called there. */
  #ownNames(template: Template): TemplateResult {
    return html`<details>
      <summary>Yours have other names?</summary>
      ${template.events.map((needed) => {
        const own = this.#own(template).events[needed.event] ?? needed.event;
        const missing = needed.properties.filter((entry) => !entry.exists);
        return html`${needed.exists ? nothing : this.#ownName(template, "events", needed.event, "")}
        ${missing.map((entry) => this.#ownName(template, "properties", entry.property, own))}`;
      })}
    </details>`;
  }

  #ownName(template: Template, of: keyof OwnNames, theirs: string, event: string): TemplateResult {
    const value = this.#own(template)[of][theirs];
    const { catalog } = this.app;
    const suggest =
      of === "events"
        ? suggestEvents(catalog)
        : async (typed: string) =>
            (await catalog.properties(event, typed)).map((entry) => ({ value: entry.property }));
    return html`<pick-box
      .label=${`Yours for ${theirs}`}
      .placeholder=${theirs}
      .value=${value === undefined ? [] : [value]}
      .suggest=${suggest}
      @picked=${(picked: CustomEvent<readonly string[]>) => {
        const names = named(this.#own(template), of, theirs, picked.detail[0] ?? "");
        this.names = new Map(this.names).set(template.id, names);
      }}
    ></pick-box>`;
  }

  #own(template: Template): OwnNames {
    return this.names.get(template.id) ?? NO_OWN_NAMES;
  }

  readonly #empty = () =>
    this.#begin("empty report", async () => {
      const { report_id } = await createReport(this.app.client, {
        report_name: "Untitled report",
        widgets: [],
      });
      go(["reports", report_id, "edit"]);
    });

  #make(template: Template): Promise<void> {
    return this.#begin(template.id, async () => {
      const { report_id } = await reportFrom(this.app.client, template.id, this.#own(template));
      go(["reports", report_id]);
    });
  }

  async #begin(what: string, make: () => Promise<void>): Promise<void> {
    this.making = what;
    this.failed = "";
    try {
      await make();
    } catch (cause) {
      this.failed = sentenceOf(cause);
    }
    this.making = "";
  }
}

/** An event that a template needs, and what of it the tenant does not send. */
function need({ event, description, exists, properties }: NeededEvent): TemplateResult {
  const missing = exists ? properties.filter((entry) => !entry.exists) : [];
  return html`<li title=${description}>
    <code>${event}</code>
    <span class=${exists ? "arriving" : "soft"}>${exists ? "arriving" : "not seen yet"}</span>
    ${missing.map((entry) => html`<div class="of" title=${entry.description}>without <code>${entry.property}</code></div>`)}
  </li>`;
}
