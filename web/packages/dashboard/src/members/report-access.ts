import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import {
  type Member,
  type ReportGrant,
  type ReportGrants,
  ROLES,
  readGrants,
  replaceGrants,
} from "../api/members";
import { type ListedReport, listReports } from "../api/reports";
import type { App } from "../app";
import { PageElement } from "../page-element";
import { Attempt } from "../parts/attempt";
import { Loader } from "../parts/loader";
import { nameOf } from "./member-name";

/** Who may see or edit one report. Without anybody named it is there for all whose role lets them. */
export class ReportAccess extends PageElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) members: readonly Member[] = [];
  @state() private report = "";
  readonly #attempt = new Attempt(this);
  readonly #reports = new Loader<readonly ListedReport[]>(this);
  readonly #grants = new Loader<ReportGrants>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#reports.load(() => listReports(this.app.client));
  }

  protected override render(): TemplateResult {
    return html`<p class="soft">A report that names somebody is there for them, for owners and for admins alone. Keys are not restricted.</p>
      ${this.#reports.view((reports) => this.#choice(reports))}
      ${this.#attempt.failed ? html`<p class="problem" role="alert">${this.#attempt.failed}</p>` : nothing}
      ${this.report ? this.#grants.view((grants) => this.#show(grants.grants)) : nothing}`;
  }

  #choice(reports: readonly ListedReport[]): TemplateResult {
    if (reports.length === 0) return html`<p class="soft">There is no report yet.</p>`;
    return html`<label class="field half"><span class="label">Report</span>
      <select @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
        <option value="">Choose a report</option>
        ${reports.map(({ report_id, report_name }) => html`<option value=${report_id}>${report_name}</option>`)}
      </select></label>`;
  }

  #choose(report: string): void {
    this.report = report;
    this.#attempt.forget();
    if (report) this.#grants.load(() => readGrants(this.app.client, report));
  }

  #show(grants: readonly ReportGrant[]): TemplateResult {
    const taken = new Set(grants.map(keyOf));
    const others = [
      ...this.members.map((member) => ({ key: `user ${member.user_id}`, name: nameOf(member) })),
      ...ROLES.filter((role) => role === "editor" || role === "viewer").map((role) => ({
        key: `role ${role}`,
        name: `Every ${role}`,
      })),
    ].filter(({ key }) => !taken.has(key));
    return html`${
      grants.length === 0
        ? html`<p role="status">It is open to everybody whose role lets them see reports.</p>`
        : html`<ul class="rows">
            ${grants.map(
              (grant) => html`<li class="row-card access">
                <span class="grow">${this.#name(grant)}</span>
                <select aria-label=${`What ${this.#name(grant)} may do`} @change=${(event: Event) => {
                  const level = (event.target as HTMLSelectElement).value === "edit" ? "edit" : "view";
                  void this.#save(grants.map((each) => (each === grant ? { ...each, level } : each)));
                }}>
                  <option value="view" ?selected=${grant.level === "view"}>may see it</option>
                  <option value="edit" ?selected=${grant.level === "edit"}>may edit it</option>
                </select>
                <button type="button" class="small" aria-label=${`Take ${this.#name(grant)} out`} @click=${() => void this.#save(grants.filter((each) => each !== grant))}>Take out</button>
              </li>`,
            )}
          </ul>`
    }
    ${
      others.length === 0
        ? nothing
        : html`<form class="fields" aria-label="Let somebody see the report" @submit=${(event: SubmitEvent) => this.#add(event, grants)}>
            <label class="field"><span class="label">Who</span>
              <select name="who">${others.map(({ key, name }) => html`<option value=${key}>${name}</option>`)}</select></label>
            <label class="field"><span class="label">May</span>
              <select name="level"><option value="view">see it</option><option value="edit">edit it</option></select></label>
            <div class="field"><span class="label">&nbsp;</span><button type="submit">${grants.length === 0 ? "Restrict to them" : "Add"}</button></div>
          </form>`
    }`;
  }

  #name({ user_id, role }: ReportGrant): string {
    if (role) return `Every ${role}`;
    const member = this.members.find((each) => each.user_id === user_id);
    return member ? nameOf(member) : (user_id ?? "");
  }

  #add(event: SubmitEvent, grants: readonly ReportGrant[]): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const [kind, id = ""] = String(data.get("who")).split(" ");
    const level = data.get("level") === "edit" ? "edit" : "view";
    const role = ROLES.find((each) => each === id);
    void this.#save([...grants, kind === "role" && role ? { role, level } : { user_id: id, level }]);
  }

  async #save(grants: readonly ReportGrant[]): Promise<void> {
    await this.#attempt.make(async () =>
      this.#grants.put(await replaceGrants(this.app.client, this.report, grants)),
    );
  }
}

function keyOf({ user_id, role }: ReportGrant): string {
  return role ? `role ${role}` : `user ${user_id}`;
}
