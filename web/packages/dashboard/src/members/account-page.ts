import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { changePassword } from "../api/account";
import { sentenceOf } from "../api/client";
import { endSession, listSessions, type OwnSession } from "../api/sessions";
import { Page } from "../page-element";
import { confirmed } from "../parts/dialog";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { signOut } from "../shell/person";
import { deviceOf } from "./device";

/** What a person may know and change of their own. */
export class AccountPage extends Page {
  @state() private problem = "";
  @state() private busy = false;

  readonly #sessions = new Loader<readonly OwnSession[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.app.person) this.#sessions.load(() => listSessions(this.app.client));
  }

  protected override render(): TemplateResult {
    const { person } = this.app;
    if (!person) return emptyState("Nobody has signed in", "This tab works with a secret key.");
    const { user, tenants } = person;
    return html`<div class="page-head"><h1>Your account</h1></div>
      <section class="card">
        <h2>${user.name || user.email}</h2>
        <dl class="pairs roles">
          <div><dt>E-mail address</dt><dd>${user.email}</dd></div>
          ${tenants.map(({ tenant_id, role }) => html`<div><dt title=${tenant_id}>${tenant_id}</dt><dd>${role}</dd></div>`)}
          ${user.administrator ? html`<div><dt>This server</dt><dd>administrator</dd></div>` : nothing}
        </dl>
      </section>
      <section class="card">
        <h2>Password</h2>
        <form class="fields roomy" aria-label="Password" @submit=${this.#change}>
          <input class="unseen" name="username" autocomplete="username" tabindex="-1" aria-hidden="true" .value=${user.email} readonly />
          <label class="field"><span class="label">Current password</span>
            <input name="current" type="password" autocomplete="current-password" required /></label>
          <label class="field"><span class="label">New password, at least ten characters</span>
            <input name="wanted" type="password" autocomplete="new-password" minlength="10" maxlength="200" required /></label>
          <div class="field"><span class="label">&nbsp;</span><button type="submit" class="primary" ?disabled=${this.busy}>Change it</button></div>
        </form>
        <p class="soft hint">Your other sessions end with it.</p>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      </section>
      <section class="card">
        <h2>Sessions</h2>
        ${this.#sessions.view((sessions) => html`<ul class="rows">${sessions.map((each) => this.#session(each))}</ul>`)}
        <div class="row"><button type="button" class="danger" @click=${() => void this.#leave()}>Sign out everywhere</button></div>
      </section>`;
  }

  readonly #change = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    this.busy = true;
    try {
      await changePassword(this.app.client, String(data.get("current")), String(data.get("wanted")));
      form.reset();
      this.problem = "";
      this.app.notify({ text: "Your password is changed" });
    } catch (cause) {
      this.problem = sentenceOf(cause);
    }
    this.busy = false;
  };

  #session(session: OwnSession): TemplateResult {
    const { session_id, user_agent, address, created_at, last_used_at, current } = session;
    const ago = (time: string) => new Format().ago(Date.parse(time), Date.now());
    return html`<li class="row-card access">
      <span class="grow" title=${user_agent}><b>${deviceOf(user_agent)}</b> <span class="soft">${address}</span></span>
      <span class="soft">${current ? "this one" : `used ${ago(last_used_at)}`}, begun ${ago(created_at)}</span>
      ${
        current
          ? nothing
          : html`<button type="button" class="small" aria-label=${`End the session of ${deviceOf(user_agent)} at ${address}`} @click=${() => void this.#end(session_id)}>End</button>`
      }
    </li>`;
  }

  async #end(session: string): Promise<void> {
    try {
      await endSession(this.app.client, session);
      await this.#sessions.refresh();
    } catch (cause) {
      this.app.notify({ text: sentenceOf(cause), bad: true });
    }
  }

  async #leave(): Promise<void> {
    if (!(await confirmed("Sign out everywhere?", "You sign in again on each device.", "Sign out"))) return;
    await signOut(true);
    location.assign("/");
  }
}

customElements.define("account-page", AccountPage);
