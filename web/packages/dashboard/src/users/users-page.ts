import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { sentenceOf } from "../api/client";
import { disableUser, listUsers, removeUser, type ServerUser } from "../api/users";
import { Page } from "../page-element";
import { confirmed } from "../parts/dialog";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";

/** Everybody who has an account on this server, for its administrators. */
export class UsersPage extends Page {
  @state() private failed = "";
  @state() private search = "";
  @state() private busy = "";
  readonly #users = new Loader<readonly ServerUser[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#users.load(() => listUsers(this.app.client));
  }

  protected override render(): TemplateResult {
    return html`<div class="page-head"><h1>Users of this server</h1></div>
      <p class="soft lead">
        Accounts of all tenants. Members of the one that you work in, and their roles, are under
        <a href="#/members">Members &amp; roles</a>.
      </p>
      ${this.failed ? html`<p class="problem card" role="alert">${this.failed}</p>` : nothing}
      <section class="card">${this.#users.view((users) => this.#list(users))}</section>`;
  }

  #list(users: readonly ServerUser[]): TemplateResult {
    if (users.length === 0) {
      return emptyState(
        "Nobody has an account yet",
        "People get one with an invitation to a tenant, or come through the provider that the server trusts.",
      );
    }
    const found = users.filter((user) => matches(user, this.search));
    const open = users.reduce((sum, user) => sum + user.sessions, 0);
    return html`<div class="search">
        <label class="field"><span class="label">Search</span>
          <input
            type="search"
            placeholder="name, address or tenant"
            .value=${this.search}
            @input=${(event: Event) => {
              this.search = (event.target as HTMLInputElement).value;
            }}
          /></label>
        <p class="soft" role="status">${found.length} of ${users.length} shown, ${open} open sessions</p>
      </div>
      ${
        found.length === 0
          ? emptyState("Nobody is called so", "Search for a part of a name, an address or a tenant.")
          : html`<ul class="rows users" aria-label="Users">${found.map((user) => this.#row(user))}</ul>`
      }`;
  }

  #row(user: ServerUser): TemplateResult {
    const name = user.name || user.email;
    const self = user.user_id === this.app.person?.user.user_id;
    const disabled = user.disabled_at !== null;
    return html`<li class="row-card user">
      <div class="who">
        <b title=${name}>${name}</b>${self ? html` <span class="soft">(you)</span>` : nothing}
        ${user.administrator ? html`<span class="tag">administrator</span>` : nothing}
        ${user.disabled_at ? html`<span class="tag bad">disabled ${ago(user.disabled_at)}</span>` : nothing}
        ${user.name ? html`<div class="soft" title=${user.email}>${user.email}</div>` : nothing}
      </div>
      <div class="places">
        ${
          user.tenants.length === 0
            ? html`<span class="soft">in no tenant</span>`
            : user.tenants.map(
                ({ tenant_id, role }) => html`<div title=${tenant_id}>${role} of ${tenant_id}</div>`,
              )
        }
      </div>
      <div class="facts soft">
        <div>${user.sessions === 0 ? "no open session" : `${user.sessions} open ${user.sessions === 1 ? "session" : "sessions"}${user.last_used_at ? `, used ${ago(user.last_used_at)}` : ""}`}</div>
        <div>signs in by ${waysOf(user)}; account made ${ago(user.created_at)}</div>
      </div>
      <div class="deeds">
        ${
          self
            ? nothing
            : html`<button
                  type="button"
                  class="small"
                  ?disabled=${this.busy === user.user_id}
                  aria-label=${`${disabled ? "Enable" : "Disable"} ${name}`}
                  @click=${() => void this.#disable(user, name)}
                >${disabled ? "Enable" : "Disable"}</button>
                <button
                  type="button"
                  class="small danger"
                  ?disabled=${this.busy === user.user_id}
                  aria-label=${`Remove ${name}`}
                  @click=${() => void this.#remove(user, name)}
                >Remove</button>`
        }
      </div>
    </li>`;
  }

  async #disable(user: ServerUser, name: string): Promise<void> {
    const disabled = user.disabled_at === null;
    if (disabled) {
      const text =
        "They are signed out everywhere at once and cannot sign in until you enable them again. Nothing of theirs is removed.";
      if (!(await confirmed(`Disable ${name}?`, text, "Disable"))) return;
    }
    await this.#try(user, async () => {
      await disableUser(this.app.client, user.user_id, disabled);
      this.app.notify({ text: disabled ? `${name} is disabled` : `${name} may sign in again` });
    });
  }

  async #remove(user: ServerUser, name: string): Promise<void> {
    const tenants = user.tenants.length === 1 ? "its tenant" : `${user.tenants.length} tenants`;
    const text = `The account is removed with its place in ${user.tenants.length === 0 ? "every tenant" : tenants}. What they made stays. This cannot be taken back.`;
    if (!(await confirmed(`Remove ${name}?`, text, "Remove"))) return;
    await this.#try(user, async () => {
      await removeUser(this.app.client, user.user_id);
      this.app.notify({ text: `${name} is removed` });
    });
  }

  async #try(user: ServerUser, task: () => Promise<void>): Promise<void> {
    this.busy = user.user_id;
    try {
      await task();
      this.failed = "";
    } catch (cause) {
      this.failed = sentenceOf(cause);
    }
    await this.#users.refresh();
    this.busy = "";
  }
}

function matches({ name, email, tenants }: ServerUser, search: string): boolean {
  const wanted = search.trim().toLocaleLowerCase();
  return [name, email, ...tenants.map(({ tenant_id }) => tenant_id)].some((text) =>
    text.toLocaleLowerCase().includes(wanted),
  );
}

function waysOf({ password, provider }: ServerUser): string {
  const ways = [...(password ? ["password"] : []), ...(provider ? ["provider"] : [])];
  return ways.join(" and ") || "nothing yet";
}

function ago(time: string): string {
  return new Format().ago(Date.parse(time), Date.now());
}

customElements.define("users-page", UsersPage);
