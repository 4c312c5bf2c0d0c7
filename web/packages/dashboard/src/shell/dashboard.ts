import { RequestFailure } from "@tidemark/widgets/request";
import type { Theme } from "@tidemark/widgets/theme";
import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { readPermissions } from "../api/account";
import { Catalog } from "../api/catalog";
import { Client } from "../api/client";
import type { App } from "../app";
import { type Page, PageElement } from "../page-element";
import { choose } from "../parts/dialog";
import { emptyState, failedState, loadingState } from "../parts/states";
import { forgetKey, keySession, personSession, type Session, storeKey, takeKey, takeLink } from "../session";
import { brandMark, icon } from "./icons";
import { navigation, ownPlace } from "./navigation";
import { NoticeBoard } from "./notices";
import { fetchAhead, isOpen, pageOf } from "./pages";
import { chooseTenant, type Session as Person, signIn, signOut, type Ways, waysIn } from "./person";
import { type Route, routeOf } from "./route";
import { storedTheme, wear } from "./theme";

const THEMES: readonly (readonly [Theme, string])[] = [
  ["auto", "Auto"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** The frame of the dashboard: signs in, navigates, and shows the page of the address. */
export class Dashboard extends PageElement {
  @state() private app: App | null = null;
  @state() private problem = "";
  @state() private busy = false;
  @state() private ways: Ways = { password: false, setup: false };
  /** The secret of the one-time link that was followed; empty for none. */
  @state() private link = "";
  @state() private person: Person | null = null;
  @state() private route: Route = routeOf("");
  @state() private page: Page | null = null;
  @state() private failed: unknown = null;
  /** Whether the page of the address is for others. */
  @state() private closed = false;
  @state() private menu = false;
  @state() private theme: Theme = storedTheme();
  #shown = "";
  #hash = "";
  #unsaved: (() => boolean) | null = null;
  readonly #notices = new NoticeBoard();

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#changed);
    addEventListener("beforeunload", this.#leaving);
    addEventListener("keydown", this.#key);
    this.link = takeLink();
    if (new URLSearchParams(location.hash.slice(1)).get("sign-in") === "refused") {
      this.problem = "The provider's answer did not let you in. Somebody has to invite you first.";
      history.replaceState(null, "", location.pathname + location.search);
    }
    const key = takeKey();
    this.#hash = location.hash;
    this.route = routeOf(location.hash);
    // A link was followed just now; the key of this tab is from before.
    if (this.link !== "") return;
    if (key !== "") void this.#enterByKey(key);
    else void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#changed);
    removeEventListener("beforeunload", this.#leaving);
    removeEventListener("keydown", this.#key);
  }

  protected override render(): TemplateResult {
    if (!this.app) {
      return html`<main class="outside" id="main">
        ${this.busy ? loadingState("Signing in") : this.#outside()}
      </main>`;
    }
    return html`<button type="button" class="skip" @click=${this.#skip}>Skip to the content</button>
      <header class="top">
        <button
          type="button"
          class="quiet"
          aria-expanded=${this.menu ? "true" : "false"}
          aria-controls="side"
          aria-label="Menu"
          @click=${() => {
            this.menu = !this.menu;
          }}
        >${icon(this.menu ? "close" : "menu")}</button>
        <a class="brand" href="#/home">${brandMark}<span>Tidemark</span></a>
      </header>
      <aside id="side" class="side ${this.menu ? "open" : ""}">
        <a class="brand" href="#/home">${brandMark}<span>Tidemark</span></a>
        ${navigation(this.app, this.route, this.#close)}
        <div class="foot">
          <status-strip></status-strip>
          ${this.#tenants()} ${ownPlace(this.app, this.route, this.#close)}
          <div class="segments" role="group" aria-label="Look">
            ${THEMES.map(
              ([value, words]) => html`<button
                type="button"
                aria-pressed=${value === this.theme ? "true" : "false"}
                @click=${() => this.#wear(value)}
              >${words}</button>`,
            )}
          </div>
          <button type="button" class="quiet out" @click=${this.#leave}>${icon("out")} Sign out</button>
        </div>
      </aside>
      ${this.menu ? html`<div class="shade" @click=${() => this.#close()}></div>` : nothing}
      <main id="main" tabindex="-1">
        ${
          this.app.may("settings:read")
            ? html`<usage-banner .client=${this.app.client}></usage-banner>`
            : nothing
        }
        ${this.#content()}
      </main>
      ${this.#notices}`;
  }

  /** What somebody sees who is not in yet. */
  #outside(): TemplateResult {
    if (this.link) {
      return html`<link-form
        .link=${this.link}
        @accepted=${(event: CustomEvent<Person>) => void this.#welcome(event.detail)}
      ></link-form>`;
    }
    if (this.person) return this.#choice(this.person);
    return html`<sign-in
      .problem=${this.problem}
      .ways=${this.ways}
      @key=${(event: CustomEvent<string>) => void this.#enterByKey(event.detail)}
      @password=${(event: CustomEvent<{ email: string; password: string }>) => void this.#present(event.detail)}
    ></sign-in>`;
  }

  /** For a person of several tenants, or of none. */
  #choice({ tenants, user }: Person): TemplateResult {
    return html`<section class="card sign-in">
      <h1>${user.name || user.email}</h1>
      ${
        tenants.length === 0
          ? html`<p class="soft">You belong to no tenant yet. Somebody who does can invite you.</p>`
          : html`<p class="soft">In which tenant do you want to work?</p>`
      }
      ${tenants.map(
        ({ tenant_id, role }) => html`<p>
          <button type="button" @click=${() => void this.#work(tenant_id)}>${tenant_id}</button>
          <span class="soft">as ${role}</span>
        </p>`,
      )}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <button type="button" class="quiet" @click=${this.#leave}>Sign out</button>
    </section>`;
  }

  #tenants(): TemplateResult | typeof nothing {
    const { person } = this;
    if (!person || person.tenants.length < 2) return nothing;
    return html`<select
      aria-label="Tenant"
      @change=${(event: Event) => void this.#work((event.target as HTMLSelectElement).value)}
    >
      ${person.tenants.map(
        ({ tenant_id }) => html`<option ?selected=${tenant_id === person.tenant_id}>${tenant_id}</option>`,
      )}
    </select>`;
  }

  #content(): unknown {
    if (this.closed) {
      const { title, administrators } = pageOf(this.route.page);
      return html`<div class="page-head"><h1>${title}</h1></div>
        ${emptyState(
          "This page is not for your role",
          administrators
            ? "It is for people who administer this server."
            : "Somebody who owns or administers the tenant can give you another one.",
          html`<a class="button" href="#/home">Home</a>`,
        )}`;
    }
    return this.failed
      ? failedState(this.failed, () => void this.#show(this.route))
      : (this.page ?? loadingState());
  }

  readonly #changed = () => {
    const key = new URLSearchParams(location.hash.slice(1)).get("key");
    if (key !== null) {
      void this.#enterByKey(takeKey());
      return;
    }
    const link = takeLink();
    if (link !== "") {
      this.#close();
      this.app = null;
      this.link = link;
      return;
    }
    const wanted = location.hash;
    if (wanted === this.#hash) return;
    const next = routeOf(wanted);
    if (this.#unsaved?.() && !this.#samePlace(next)) {
      history.replaceState(null, "", this.#hash || "#/home");
      void this.#askToLeave(wanted);
      return;
    }
    this.#hash = wanted;
    this.route = next;
    this.#close();
    void this.#show(next);
  };

  /** Whether an address is within what is being edited: the first two parts after the page are the same. */
  #samePlace(next: Route): boolean {
    const { page, rest } = this.route;
    return next.page === page && next.rest[0] === rest[0] && next.rest[1] === rest[1];
  }

  async #askToLeave(wanted: string): Promise<void> {
    const answer = await choose("Leave without saving?", "What you have changed here is not saved yet.", [
      { label: "Leave", value: true, look: "danger" },
    ]);
    if (!answer) return;
    this.#unsaved = null;
    location.hash = wanted;
  }

  async #show(route: Route): Promise<void> {
    const { app } = this;
    if (!app) return;
    const entry = pageOf(route.page);
    document.title = `${entry.title} · Tidemark`;
    this.failed = null;
    this.closed = !isOpen(entry, app, route.rest);
    if (this.closed) {
      this.#unsaved = null;
      this.#shown = "";
      this.page = null;
      return;
    }
    try {
      if (this.#shown !== entry.name || !this.page) {
        const made = await entry.load();
        if (route !== this.route) return;
        this.#unsaved = null;
        const page = new made();
        page.app = app;
        page.route = route;
        const moved = this.#shown !== "";
        this.#shown = entry.name;
        this.page = page;
        scrollTo(0, 0);
        if (moved) document.getElementById("main")?.focus({ preventScroll: true });
      } else {
        this.page.route = route;
      }
    } catch (cause) {
      this.failed = cause;
    }
  }

  /** Whether somebody has signed in already, and how one can. */
  async #look(): Promise<void> {
    this.ways = await waysIn();
    if (this.ways.session) await this.#welcome(this.ways.session);
  }

  async #present({ email, password }: { email: string; password: string }): Promise<void> {
    try {
      await this.#welcome(await signIn(email, password));
    } catch (cause) {
      this.problem =
        cause instanceof RequestFailure ? cause.message : "The server's answer could not be read.";
    }
  }

  async #welcome(person: Person): Promise<void> {
    this.link = "";
    forgetKey();
    this.problem = "";
    this.person = person;
    if (person.tenant_id !== null) await this.#enter(personSession(person.csrf_token));
  }

  async #work(tenant: string): Promise<void> {
    const { person } = this;
    if (!person) return;
    await chooseTenant(tenant);
    this.#unsaved = null;
    this.app = null;
    await this.#welcome({ ...person, tenant_id: tenant });
  }

  async #enterByKey(key: string): Promise<void> {
    this.person = null;
    if (key !== "" && (await this.#enter(keySession(key)))) storeKey(key);
  }

  async #enter(session: Session): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const client = new Client(session);
    fetchAhead(this.route);
    try {
      const permissions = new Set((await readPermissions(client)).permissions);
      this.problem = "";
      this.page = null;
      this.app = {
        client,
        catalog: new Catalog(client),
        person: this.person,
        may: (permission) => permissions.has(permission),
        notify: (notice) => this.#notices.show(notice),
        guard: (unsaved) => {
          this.#unsaved = unsaved;
        },
      };
      this.#shown = "";
      await this.#show(this.route);
      return true;
    } catch (cause) {
      this.app = null;
      this.problem = signInProblem(cause);
      if (cause instanceof RequestFailure && (cause.status === 401 || cause.status === 403)) forgetKey();
      return false;
    } finally {
      this.busy = false;
    }
  }

  readonly #leave = async () => {
    if (this.#unsaved?.()) {
      const leave = await choose("Sign out without saving?", "What you have changed here is not saved yet.", [
        { label: "Sign out", value: true, look: "danger" as const },
      ]);
      if (!leave) return;
    }
    this.#unsaved = null;
    forgetKey();
    if (this.person) void signOut().then(() => this.#look());
    this.person = null;
    this.app = null;
    this.page = null;
    this.#shown = "";
    this.problem = "";
  };

  readonly #leaving = (event: BeforeUnloadEvent) => {
    if (this.#unsaved?.()) event.preventDefault();
  };

  readonly #key = (event: KeyboardEvent) => {
    if (event.key === "Escape" && this.menu) this.#close();
  };

  readonly #close = () => {
    this.menu = false;
  };

  #wear(theme: Theme): void {
    this.theme = theme;
    wear(theme);
    dispatchEvent(new CustomEvent("tidemark-look"));
  }

  readonly #skip = () => document.getElementById("main")?.focus();
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
