import { Format } from "@tidemark/widgets/format";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import {
  changeRole,
  type Invitation,
  invite,
  listInvitations,
  listMembers,
  type Member,
  ROLES,
  type Role,
  removeMember,
  withdraw,
} from "../api/members";
import { Page } from "../page-element";
import { Attempt } from "../parts/attempt";
import { confirmed } from "../parts/dialog";
import { Loader } from "../parts/loader";
import { emptyState } from "../parts/states";
import { nameOf } from "./member-name";
import { ReportAccess } from "./report-access";

customElements.define("report-access", ReportAccess);

interface People {
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
}

const MAY: Readonly<Record<Role, string>> = {
  owner: "everything, also owners, trusted issuers and the embed secret",
  admin: "everything but what owners keep to themselves",
  editor: "reports, cohorts, events and questions; sees schemas, dead letters and settings",
  viewer: "looks at reports",
};

/** Who belongs to the tenant, who is invited, and who may see which report. */
export class MembersPage extends Page {
  @state() private made: Invitation | null = null;
  readonly #attempt = new Attempt(this);
  readonly #people = new Loader<People>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#people.load(async () => {
      const [members, invitations] = await Promise.all([
        listMembers(this.app.client),
        listInvitations(this.app.client),
      ]);
      return { members, invitations };
    });
  }

  protected override render(): TemplateResult {
    const manages = this.app.may("members:manage");
    return html`<div class="page-head"><h1>Members &amp; roles</h1></div>
      ${this.#attempt.failed ? html`<p class="problem card" role="alert">${this.#attempt.failed}</p>` : nothing}
      ${this.made?.url ? once(this.made) : nothing}
      ${this.#people.view(
        ({ members, invitations }) => html`<section class="card">
            <h2>Members</h2>
            ${
              members.length === 0
                ? emptyState(
                    "Nobody belongs to this tenant yet",
                    "Keys work without members. Invite somebody, so that people can sign in with an address and a password of their own.",
                  )
                : this.#members(members, manages)
            }
          </section>
          <section class="card">
            <h2>Invitations</h2>
            ${invitations.length === 0 ? html`<p class="soft">No invitation is waiting.</p>` : this.#invitations(invitations, manages)}
            ${manages ? this.#form() : nothing}
          </section>
          <section class="card">
            <h2>Roles</h2>
            <dl class="pairs roles">
              ${[...ROLES].map((role) => html`<div><dt>${role}</dt><dd>${MAY[role]}</dd></div>`)}
            </dl>
          </section>
          ${
            this.app.may("reports:restrict")
              ? html`<section class="card">
                  <h2>Reports for some alone</h2>
                  <report-access .app=${this.app} .members=${members}></report-access>
                </section>`
              : nothing
          }`,
      )}`;
  }

  /** The roles that the session may give: none that may do more than itself. */
  get #given(): readonly Role[] {
    return this.app.may("tenant:manage") ? ROLES : ROLES.filter((role) => role !== "owner");
  }

  #members(members: readonly Member[], manages: boolean): TemplateResult {
    const format = new Format();
    const self = this.app.person?.user.user_id;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Members">
      <table class="plain stacks">
        <thead><tr><th scope="col">Name</th><th scope="col">E-mail address</th><th scope="col">Role</th><th scope="col">Since</th><td></td></tr></thead>
        <tbody>
          ${members.map((member) => {
            const name = nameOf(member);
            const touched = manages && this.#given.includes(member.role);
            return html`<tr>
              <td title=${name}>${member.name || "–"}${member.user_id === self ? html` <span class="soft">(you)</span>` : nothing}</td>
              <td data-label="E-mail address" title=${member.email ?? ""}>${member.email ?? member.user_id}</td>
              <td data-label="Role">${
                touched
                  ? html`<select aria-label=${`Role of ${name}`} @change=${(event: Event) => void this.#change(member, event.target as HTMLSelectElement)}>
                      ${this.#given.map((role) => html`<option ?selected=${role === member.role}>${role}</option>`)}
                    </select>`
                  : member.role
              }</td>
              <td data-label="Since">${format.ago(Date.parse(member.created_at), Date.now())}</td>
              <td>${
                touched
                  ? html`<button type="button" class="small" aria-label=${`Remove ${name}`} @click=${() => void this.#remove(member)}>Remove</button>`
                  : nothing
              }</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #invitations(invitations: readonly Invitation[], manages: boolean): TemplateResult {
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Invitations">
      <table class="plain stacks">
        <thead><tr><th scope="col">E-mail address</th><th scope="col">Role</th><th scope="col">Good until</th><td></td></tr></thead>
        <tbody>
          ${invitations.map(
            (link) => html`<tr>
              <td title=${link.email ?? ""}>${link.email}</td>
              <td data-label="Role">${link.role}</td>
              <td data-label="Good until">${new Date(link.expires_at).toLocaleString()}</td>
              <td>${
                manages
                  ? html`<button type="button" class="small" aria-label=${`Withdraw the invitation of ${link.email}`} @click=${() => void this.#withdraw(link)}>Withdraw</button>`
                  : nothing
              }</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #form(): TemplateResult {
    return html`<form class="fields" aria-label="Invite" @submit=${this.#invite}>
      <label class="field"><span class="label">E-mail address</span>
        <input name="email" type="email" required maxlength="254" autocomplete="off" /></label>
      <label class="field"><span class="label">Role</span>
        <select name="role">${this.#given.map((role) => html`<option ?selected=${role === "viewer"}>${role}</option>`)}</select></label>
      <div class="field"><span class="label">&nbsp;</span><button type="submit" class="primary">Make an invitation</button></div>
    </form>`;
  }

  readonly #invite = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const role = ROLES.find((each) => each === data.get("role")) ?? "viewer";
    await this.#attempt.make(async () => {
      this.made = await invite(this.app.client, String(data.get("email")).trim(), role);
      form.reset();
      await this.#people.refresh();
      await this.updateComplete;
      this.querySelector(".made-key")?.scrollIntoView({ block: "center" });
    });
  };

  async #change(member: Member, select: HTMLSelectElement): Promise<void> {
    const role = ROLES.find((each) => each === select.value) ?? member.role;
    await this.#attempt.make(async () => {
      await changeRole(this.app.client, member.user_id, role);
      this.app.notify({ text: `${nameOf(member)} is ${role} now` });
    });
    await this.#people.refresh();
    select.value =
      this.#people.value?.members.find(({ user_id }) => user_id === member.user_id)?.role ?? member.role;
  }

  async #remove(member: Member): Promise<void> {
    const text = "They lose access at once, also in windows that are open. What they made stays.";
    if (!(await confirmed(`Remove ${nameOf(member)}?`, text, "Remove"))) return;
    await this.#attempt.make(async () => {
      await removeMember(this.app.client, member.user_id);
      await this.#people.refresh();
    });
  }

  async #withdraw(link: Invitation): Promise<void> {
    await this.#attempt.make(async () => {
      await withdraw(this.app.client, link.link_id ?? "");
      if (this.made?.link_id === link.link_id) this.made = null;
      await this.#people.refresh();
    });
  }
}

function once(link: Invitation): TemplateResult {
  return html`<section class="card made-key" role="status">
    <h2>Invitation for ${link.email}</h2>
    <p class="soft">The link is shown this once. Send it to them: whoever opens it first joins as ${link.role}.</p>
    <copyable-code label="Link" .text=${link.url ?? ""}></copyable-code>
  </section>`;
}

customElements.define("members-page", MembersPage);
