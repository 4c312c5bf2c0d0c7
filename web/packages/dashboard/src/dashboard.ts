import type { ReportHead } from "@tidemark/widgets/api";
import { RequestFailure, SESSION } from "@tidemark/widgets/request";
import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { PageElement, whileVisible } from "./page-element";
import { chooseTenant, type Session, signIn, signOut, type Ways, waysIn } from "./person";
import { Server } from "./server";
import { forgetKey, storeKey, takeKey, takeLink } from "./session";

type View =
  | { readonly name: "reports"; readonly report: string }
  | { readonly name: "explore" }
  | { readonly name: "events" };

/** The start page: signs in with a secret key, then shows reports, an explorer and how to send events. */
export class Dashboard extends PageElement {
  @state() private server: Server | null = null;
  @state() private reports: readonly ReportHead[] = [];
  @state() private problem = "";
  @state() private busy = false;
  @state() private view: View = viewOf("");
  @state() private ways: Ways = { password: false, setup: false };
  @state() private link = "";
  @state() private session: Session | null = null;
  #end: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#route);
    this.#route();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#route);
    this.#end?.();
  }

  protected override render(): TemplateResult {
    return html`
      <header class="bar">
        <a class="brand" href="#/reports">${mark}<span>Tidemark</span></a>
        ${this.server ? this.#navigation() : ""}
        <status-strip></status-strip>
        ${this.server ? this.#tenants() : ""}
        ${this.server || this.session ? html`<button type="button" class="small" @click=${this.#leave}>Sign out</button>` : ""}
      </header>
      <main>${this.server ? this.#view(this.server) : this.#signIn()}</main>
    `;
  }

  #navigation(): TemplateResult {
    const link = (name: View["name"], label: string) =>
      html`<a href="#/${name}" aria-current=${this.view.name === name ? "page" : "false"}>${label}</a>`;
    return html`<nav class="views" aria-label="Views">
      ${link("reports", "Reports")} ${link("explore", "Explore")} ${link("events", "Events")}
    </nav>`;
  }

  #view(server: Server): TemplateResult {
    switch (this.view.name) {
      case "reports":
        return html`${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ""}
          <reports-view .server=${server} .reports=${this.reports} .chosen=${this.view.report} @made=${this.#made}></reports-view>`;
      case "explore":
        return html`<question-explorer .server=${server}></question-explorer>`;
      case "events":
        return html`<first-event .server=${server}></first-event>`;
    }
  }

  #signIn(): TemplateResult {
    if (this.link) {
      return html`<link-form
        .link=${this.link}
        @accepted=${(event: CustomEvent<Session>) => void this.#welcome(event.detail)}
      ></link-form>`;
    }
    if (this.session) return this.#choice(this.session);
    return html`<sign-in
      .problem=${this.problem}
      .busy=${this.busy}
      .ways=${this.ways}
      @key=${(event: CustomEvent<string>) => void this.#enter(event.detail)}
      @password=${(event: CustomEvent<{ email: string; password: string }>) => void this.#present(event.detail)}
    ></sign-in>`;
  }

  /** For a person of several tenants, or of none. */
  #choice({ tenants, user }: Session): TemplateResult {
    return html`<section class="card sign-in">
      <h1>${user.name || user.email}</h1>
      ${
        tenants.length === 0
          ? html`<p class="soft">You belong to no tenant yet. Somebody who does can invite you.</p>`
          : html`<p class="soft">In which tenant do you want to work?</p>`
      }
      ${tenants.map(
        ({ tenant_id, role }) =>
          html`<p><button type="button" @click=${() => void this.#work(tenant_id)}>${tenant_id}</button> <span class="soft">as ${role}</span></p>`,
      )}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ""}
    </section>`;
  }

  #tenants(): TemplateResult | "" {
    const session = this.session;
    if (!session || session.tenants.length < 2) return "";
    return html`<select
      aria-label="Tenant"
      @change=${(event: Event) => void this.#work((event.target as HTMLSelectElement).value)}
    >
      ${session.tenants.map(
        ({ tenant_id }) => html`<option ?selected=${tenant_id === session.tenant_id}>${tenant_id}</option>`,
      )}
    </select>`;
  }

  async #present({ email, password }: { email: string; password: string }): Promise<void> {
    this.busy = true;
    try {
      const session = await signIn(email, password);
      this.busy = false;
      await this.#welcome(session);
    } catch (cause) {
      this.problem =
        cause instanceof RequestFailure ? cause.message : "The server's answer could not be read.";
    } finally {
      this.busy = false;
    }
  }

  async #welcome(session: Session): Promise<void> {
    this.link = "";
    this.problem = "";
    this.session = session;
    if (session.tenant_id !== null) await this.#enter(SESSION);
  }

  async #work(tenant: string): Promise<void> {
    await chooseTenant(tenant);
    if (this.session) await this.#welcome({ ...this.session, tenant_id: tenant });
  }

  readonly #route = () => {
    const link = takeLink();
    if (link) this.link = link;
    if (new URLSearchParams(location.hash.slice(1)).get("sign-in") === "refused") {
      this.problem = "The provider's answer did not let you in. Somebody has to invite you first.";
    }
    const key = takeKey();
    if (key !== "" && key !== this.server?.key) void this.#enter(key);
    else if (key === "" && this.server === null && !this.link) void this.#look();
    this.view = viewOf(location.hash);
  };

  /** Whether somebody has signed in already, and how one can. */
  async #look(): Promise<void> {
    this.ways = await waysIn();
    if (this.ways.session) await this.#welcome(this.ways.session);
  }

  async #enter(key: string): Promise<void> {
    if (this.busy || key === "") return;
    this.busy = true;
    const server = new Server(key);
    try {
      this.reports = await server.reports();
      if (key !== SESSION) storeKey(key);
      this.server = server;
      this.problem = "";
      this.#end?.();
      this.#end = whileVisible(15_000, () => void this.#list());
    } catch (cause) {
      this.server = null;
      this.problem = signInProblem(cause);
      if (cause instanceof RequestFailure && (cause.status === 401 || cause.status === 403)) forgetKey();
    } finally {
      this.busy = false;
    }
  }

  async #list(): Promise<void> {
    try {
      const reports = (await this.server?.reports()) ?? [];
      if (JSON.stringify(reports) !== JSON.stringify(this.reports)) this.reports = reports;
      this.problem = "";
    } catch (cause) {
      this.problem = `The list of reports could not be refreshed. ${cause instanceof Error ? cause.message : ""}`;
    }
  }

  readonly #made = (event: Event) => {
    if (!(event instanceof CustomEvent)) return;
    const report = String(event.detail);
    void this.#list().then(() => {
      location.hash = `#/reports/${encodeURIComponent(report)}`;
    });
  };

  readonly #leave = () => {
    forgetKey();
    if (this.session) void signOut().then(() => this.#look());
    this.session = null;
    this.#end?.();
    this.server = null;
    this.reports = [];
    this.problem = "";
  };
}

function viewOf(hash: string): View {
  const [, name = "", report = ""] = hash.split("/");
  if (name === "explore" || name === "events") return { name };
  return { name: "reports", report: decodeURIComponent(report) };
}

function signInProblem(cause: unknown): string {
  if (!(cause instanceof RequestFailure)) return "The server's answer could not be read.";
  switch (cause.status) {
    case 401:
      return "This server does not know that key.";
    case 403:
      return "That key may not read reports. Use the secret key, which begins with sk_.";
    case 0:
      return "The server cannot be reached.";
    default:
      return cause.problem.detail ?? cause.problem.title;
  }
}

const mark = html`<svg viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="8" />
  <path d="M9 8h14M9 12h9" class="high" />
  <path
    d="M5 20c3 0 3-3 5.500-3s2.500 3 5.500 3 3-3 5.500-3 2.500 3 5.500 3M5 25c3 0 3-3 5.500-3s2.500 3 5.500 3 3-3 5.500-3 2.500 3 5.500 3"
  />
</svg>`;
