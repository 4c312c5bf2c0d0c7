import { html, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement } from "../page-element";

/** A piece of code with a button that copies it. What is shown may be masked; what is copied is `text`. */
export class CopyableCode extends PageElement {
  @property({ attribute: false }) text = "";
  @property({ attribute: false }) shown = "";
  @property() label = "";
  @state() private done = "";

  protected override render(): TemplateResult {
    return html`<figure class="code">
      <figcaption>
        <span>${this.label}</span>
        <button type="button" class="small" @click=${this.#copy}>${this.done || "Copy"}</button>
      </figcaption>
      <pre tabindex="0"><code>${this.shown || this.text}</code></pre>
    </figure>`;
  }

  readonly #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.text);
      this.done = "Copied";
    } catch {
      this.#select();
      this.done = "Press Ctrl+C";
    }
    setTimeout(() => {
      this.done = "";
    }, 2000);
  };

  /** Without a clipboard (a page that is not served over TLS) the text is laid out in full and selected. */
  #select(): void {
    const code = this.querySelector("code");
    if (!code) return;
    this.shown = this.text;
    void this.updateComplete.then(() => getSelection()?.selectAllChildren(code));
  }
}
