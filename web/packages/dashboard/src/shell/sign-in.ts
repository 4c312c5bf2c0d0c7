import { html, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { PageElement } from "../page-element";
import type { Ways } from "./person";

/** Asks who comes: with e-mail address and password where the server has users, and with a secret key. Emits `password` or `key`. */
export class SignIn extends PageElement {
  @property() problem = "";
  @property({ type: Boolean }) busy = false;
  @property({ attribute: false }) ways: Ways = { password: false, setup: false };

  protected override render(): TemplateResult {
    return html`<section class="card sign-in">
      <h1>Sign in to this Tidemark server</h1>
      ${this.ways.setup ? html`<p class="soft">Nobody administers this server yet: open the setup link that was printed when it started.</p>` : nothing}
      ${this.ways.password ? this.#people() : this.#key("Sign in")}
      <p id="problem" class="problem" role="alert">${this.problem || nothing}</p>
      ${
        this.ways.password
          ? html`<details><summary>Use a secret key instead</summary>${this.#key("Use the key")}</details>`
          : html`<p class="soft small-print">The key stays in this browser tab and is sent to this server alone.</p>`
      }
    </section>`;
  }

  #people(): TemplateResult {
    return html`<form class="people" @submit=${this.#passwordGiven}>
        <label for="email">E-mail address</label>
        <input id="email" name="email" type="email" autocomplete="username" required aria-describedby="problem" />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="problem" />
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.busy ? "Checking…" : "Sign in"}</button>
      </form>
      ${this.ways.provider ? html`<p><a href=${this.ways.provider.url}>Sign in with ${this.ways.provider.name}</a></p>` : nothing}`;
  }

  #key(action: string): TemplateResult {
    return html`<p class="soft">
        Tidemark takes in your product's events and turns them into reports that you can embed anywhere. To see the reports of
        your tenant, paste its secret key. It was printed when the server started, and it is in
        <code>credentials.json</code> in the server's data directory.
      </p>
      <form @submit=${this.#keyGiven}>
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
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.busy ? "Checking…" : action}</button>
      </form>`;
  }

  readonly #passwordGiven = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const detail = { email: String(form.get("email") ?? ""), password: String(form.get("password") ?? "") };
    this.dispatchEvent(new CustomEvent("password", { detail }));
  };

  readonly #keyGiven = (event: SubmitEvent) => {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get("key");
    if (typeof key === "string" && key.trim() !== "") {
      this.dispatchEvent(new CustomEvent("key", { detail: key.trim() }));
    }
  };
}
