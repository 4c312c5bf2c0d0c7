import { followHeights } from "@tidemark/widgets/frame-height";
import type { FilterOf } from "@tidemark/widgets/questions";
import { RequestFailure } from "@tidemark/widgets/request";
import type { Theme } from "@tidemark/widgets/theme";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { createEmbedToken, type EmbedGrant, type EmbedToken } from "../api/account";
import { sentenceOf } from "../api/client";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { type EditedEvent, selectField, textField } from "../question/editor";
import { type Complaint, ofFilter } from "../question/lacking";
import { NO_CONTROLS } from "../report/draft";
import { frameSnippet, pageSnippet, snippetsOf } from "./snippets";

const THEMES = [
  ["auto", "As the visitor's system"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;
const LIFETIMES = [
  ["900", "15 minutes"],
  ["3600", "1 hour"],
  ["86400", "1 day"],
  ["604800", "7 days"],
  ["2592000", "30 days"],
] as const;

const CHOICES = [
  ["all", "What the report allows"],
  ["none", "Nothing"],
] as const;

const { max_days: _, ...NOTHING } = NO_CONTROLS;

followHeights();

/** Gives a report away: what the visitor may see, for how long and on which sites, with a preview and the code for it. */
export class SharePanel extends PageElement {
  @property({ attribute: false }) app!: App;
  @property() report = "";
  @state() private filter: FilterOf | undefined = undefined;
  @state() private origins = "";
  @state() private expiresIn = "3600";
  @state() private theme: Theme = "auto";
  @state() private choices: "all" | "none" = "all";
  @state() private language = "Node";
  @state() private made: EmbedToken | null = null;
  @state() private preview = "";
  @state() private complaints: readonly Complaint[] = [];
  @state() private failed = "";
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const parts = ["report", "filter", "origins", "expiresIn", "theme", "choices"];
    if (parts.some((part) => changed.has(part))) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#mint(), this.made ? 400 : 0);
    }
  }

  get #grant(): EmbedGrant {
    const origins = this.origins.split(/[\s,]+/).filter((origin) => origin !== "");
    return {
      ...(this.filter ? { filter: this.filter } : {}),
      ...(origins.length > 0 ? { origins } : {}),
      ...(this.choices === "none" ? { controls: NOTHING } : {}),
      expires_in: Number(this.expiresIn),
      theme: this.theme,
    };
  }

  protected override render(): TemplateResult {
    return html`<div class="workbench share">
      <div class="bench-form">
      <section class="card">
        <h2>What visitors get</h2>
        <div class="field">
          <span class="label">Only events where</span>
          <filter-editor
            adding="Lock to a filter"
            .value=${this.filter}
            .catalog=${this.app.catalog}
            path="filter"
            .complaints=${this.complaints}
            @edited=${(event: EditedEvent<FilterOf | undefined>) => {
              this.filter = event.detail;
            }}
          ></filter-editor>
          <span class="soft hint">The filter is in the signed token: no visitor can widen it. Your server sets it for each of them.</span>
        </div>
        ${textField(
          "Sites that may show it",
          this.origins,
          (text) => {
            this.origins = text;
          },
          {
            placeholder: "any, or https://app.example.com",
            wrong: this.complaints.find(({ path }) => path.startsWith("origins"))?.message ?? "",
          },
        )}
        <div class="fields">
          ${selectField("Visitors may choose", CHOICES, this.choices, (value) => {
            this.choices = value;
          })}
          ${selectField("Access ends after", LIFETIMES, this.expiresIn, (value) => {
            this.expiresIn = value;
          })}
          ${selectField("Look", THEMES, this.theme, (value) => {
            this.theme = value;
          })}
        </div>
        ${this.failed ? html`<p class="problem" role="alert">${this.failed}</p>` : nothing}
      </section>
      ${this.made ? this.#code(this.made) : nothing}
      </div>
      <div class="bench-answer">
        <h2>Preview</h2>
        ${
          this.preview
            ? html`<iframe class="preview" title="Preview of the embedded report" src=${this.preview}></iframe>`
            : html`<div class="bone preview" aria-busy="true"></div>`
        }
      </div>
    </div>`;
  }

  #code({ token, expires_at }: EmbedToken): TemplateResult {
    const { origin } = location;
    const query = new URLSearchParams({ token, theme: this.theme });
    const url = `${origin}/embed/reports/${encodeURIComponent(this.report)}?${query}`;
    const snippets = snippetsOf(origin, this.report, this.#grant);
    const shown = snippets.find(({ language }) => language === this.language);
    return html`<section class="card code-of-share">
      <h2>In your product</h2>
      <p class="soft">Put the element into your page, and let your server answer its token-provider. It asks again by itself when a token ends.</p>
      <copyable-code label="Your page" .text=${pageSnippet(origin, this.report, this.theme)}></copyable-code>
      <div class="segments" role="group" aria-label="Language of your server">
        ${snippets.map(
          ({ language }) => html`<button
            type="button"
            aria-pressed=${language === this.language ? "true" : "false"}
            @click=${() => {
              this.language = language;
            }}
          >${language}</button>`,
        )}
      </div>
      ${shown ? html`<copyable-code .label=${`Your server, ${shown.language}`} .text=${shown.text}></copyable-code>` : nothing}
      <details>
        <summary>Without a server: a link that works until ${new Date(expires_at).toLocaleString()}</summary>
        <copyable-code label="Address" .text=${url}></copyable-code>
        <copyable-code label="As an iframe" .text=${frameSnippet(url)}></copyable-code>
      </details>
    </section>`;
  }

  /** A token to give away, and one for the preview that this site may show whatever sites are named. */
  async #mint(): Promise<void> {
    this.complaints = ofFilter(this.filter, "filter");
    if (this.complaints.length > 0) return;
    this.#asked += 1;
    const asked = this.#asked;
    const { origins: _, ...anywhere } = this.#grant;
    try {
      const [made, own] = await Promise.all([
        createEmbedToken(this.app.client, this.report, this.#grant),
        createEmbedToken(this.app.client, this.report, { ...anywhere, origins: [location.origin] }),
      ]);
      if (asked !== this.#asked) return;
      this.made = made;
      this.failed = "";
      const query = new URLSearchParams({ token: own.token, theme: this.theme });
      this.preview = `/embed/reports/${encodeURIComponent(this.report)}?${query}`;
    } catch (cause) {
      if (asked !== this.#asked) return;
      const problem = cause instanceof RequestFailure ? cause.problem : null;
      if (problem?.field)
        this.complaints = [{ path: problem.field, message: problem.detail ?? problem.title }];
      else this.failed = sentenceOf(cause);
    }
  }
}
