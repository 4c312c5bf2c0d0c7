import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { PageElement } from "../page-element";

/** Asks for a secret key. Emits `key` with what was pasted. */
export class SignIn extends PageElement {
  @property() problem = "";
  @property({ type: Boolean }) busy = false;

  protected override render(): TemplateResult {
    return html`<section class="card sign-in">
      <h1>Sign in to this Tidemark server</h1>
      <p class="soft">
        Tidemark takes in your product's events and turns them into reports that you can embed anywhere. To see the reports of
        your tenant, paste its secret key. It was printed when the server started, and it is in
        <code>credentials.json</code> in the server's data directory.
      </p>
      <form @submit=${this.#submit}>
        <label for="key">Secret key</label>
        <input
          id="key"
          name="key"
          type="password"
          autocomplete="off"
          spellcheck="false"
          placeholder="sk_…"
          required
          aria-describedby="problem"
        />
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.busy ? "Checking…" : "Sign in"}</button>
        <p id="problem" class="problem" role="alert">${this.problem || nothing}</p>
      </form>
      <p class="soft small-print">The key stays in this browser tab and is sent to this server alone.</p>
    </section>`;
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get("key");
    if (typeof key === "string" && key.trim() !== "") {
      this.dispatchEvent(new CustomEvent("key", { detail: key.trim() }));
    }
  };
}
