import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { changeSettings, type MaskingRule, type Settings } from "../api/account";
import { sentenceOf } from "../api/client";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { confirmed } from "../parts/dialog";
import { small } from "../question/measures-editor";
import { icon } from "../shell/icons";
import { ACTIONS, aimed, placeOf, plain, TARGETS, type Target, targetOf } from "./masking-rules";

/** The rules that are applied to every event before anything is written, in order. Emits `saved` with the settings. */
export class MaskingEditor extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) rules: readonly MaskingRule[] = [];
  @state() private drafts: readonly MaskingRule[] = [];
  @state() private wrong: {
    readonly index: number;
    readonly member: string;
    readonly message: string;
  } | null = null;
  @state() private failed = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("rules")) this.drafts = this.rules;
  }

  protected override render(): TemplateResult {
    const edits = this.app.may("settings:edit");
    if (!edits) {
      return this.rules.length === 0
        ? html`<p class="soft">Nothing is masked.</p>`
        : html`<ul class="findings">${this.rules.map((rule) => html`<li>${inWords(rule)}</li>`)}</ul>`;
    }
    return html`<form aria-label="Masking rules" @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      void this.#save(this.drafts.map(plain));
    }}>
      ${
        this.drafts.length === 0
          ? html`<p class="soft">Nothing is masked. The recommended rules redact card numbers, hash e-mail addresses and shorten IP addresses wherever they stand.</p>`
          : html`<ol class="masking">${this.drafts.map((rule, index) => this.#rule(rule, index))}</ol>`
      }
      ${this.failed ? html`<p class="problem" role="alert">${this.failed}</p>` : nothing}
      <div class="row start">
        <button type="button" @click=${() => this.#change([...this.drafts, { field: "properties.", action: "redact" }])}>${icon("plus")} Rule</button>
        <button type="button" @click=${() => void this.#recommend()}>Use the recommended rules</button>
        <button type="submit" class="primary">Save the rules</button>
      </div>
    </form>`;
  }

  #rule(rule: MaskingRule, index: number): TemplateResult {
    const target = targetOf(rule);
    const wrong = this.wrong?.index === index ? this.wrong : null;
    const change = (part: MaskingRule) =>
      this.#change(this.drafts.map((each, at) => (at === index ? part : each)));
    const invalid = (member: string) =>
      wrong && (wrong.member === member || wrong.member === "") ? "true" : nothing;
    return html`<li>
      <label class="field"><span class="label">In</span>
        <input
          required
          maxlength="255"
          autocomplete="off"
          spellcheck="false"
          list="masked-fields"
          aria-invalid=${invalid("field")}
          .value=${rule.field}
          @input=${(event: Event) => change({ ...rule, field: (event.target as HTMLInputElement).value.trim() })}
        /></label>
      <label class="field"><span class="label">find</span>
        <select aria-invalid=${invalid("detect")} @change=${(event: Event) => change(aimed(rule, (event.target as HTMLSelectElement).value as Target))}>
          ${TARGETS.map(([value, words]) => html`<option value=${value} ?selected=${value === target}>${words}</option>`)}
        </select></label>
      ${
        target === "pattern"
          ? html`<label class="field"><span class="label">Pattern (RE2)</span>
              <input
                class="mono"
                required
                maxlength="500"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=${invalid("pattern")}
                .value=${rule.pattern ?? ""}
                @input=${(event: Event) => change({ ...rule, pattern: (event.target as HTMLInputElement).value })}
              /></label>`
          : nothing
      }
      <label class="field"><span class="label">and</span>
        <select aria-invalid=${invalid("action")} @change=${(event: Event) => change({ ...rule, action: (event.target as HTMLSelectElement).value as MaskingRule["action"] })}>
          ${ACTIONS.filter(
            ([value]) => value !== "truncate" || target === "ip" || rule.field === "context.ip",
          ).map(
            ([value, words]) =>
              html`<option value=${value} ?selected=${value === rule.action}>${words}</option>`,
          )}
        </select></label>
      <div class="actions">
        ${small("up", `Move rule ${index + 1} up`, () => this.#move(index), index === 0)}
        ${small("remove", `Remove rule ${index + 1}`, () => this.#change(this.drafts.filter((_, at) => at !== index)))}
      </div>
      ${wrong ? html`<p class="wrong" role="alert">${wrong.message}</p>` : nothing}
    </li>`;
  }

  async #recommend(): Promise<void> {
    const text =
      "Card numbers are redacted, e-mail addresses hashed and IP addresses shortened wherever they stand.";
    if (this.drafts.length === 0 || (await confirmed("Replace these rules?", text, "Replace them"))) {
      await this.#save("recommended");
    }
  }

  #move(index: number): void {
    const drafts = [...this.drafts];
    const [moved] = drafts.splice(index, 1);
    if (moved) drafts.splice(index - 1, 0, moved);
    this.#change(drafts);
  }

  #change(drafts: readonly MaskingRule[]): void {
    this.drafts = drafts;
    this.wrong = null;
    this.failed = "";
  }

  async #save(masking: readonly MaskingRule[] | "recommended"): Promise<void> {
    try {
      const saved = await changeSettings(this.app.client, { masking });
      this.#change(saved.masking);
      this.app.notify({ text: "Saved: events that arrive from now on are masked so" });
      this.dispatchEvent(new CustomEvent<Settings>("saved", { detail: saved }));
    } catch (cause) {
      const place = cause instanceof RequestFailure ? placeOf(cause.problem.field ?? "") : null;
      if (place && cause instanceof RequestFailure) this.wrong = { ...place, message: cause.message };
      else this.failed = sentenceOf(cause);
    }
  }
}

function inWords(rule: MaskingRule): string {
  const target = TARGETS.find(([value]) => value === targetOf(rule))?.[1] ?? "";
  const action = ACTIONS.find(([value]) => value === rule.action)?.[1] ?? "";
  return `In ${rule.field === "*" ? "every text" : rule.field}: ${target}${rule.pattern ? ` (${rule.pattern})` : ""}, ${action}`;
}
