import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { PageElement } from "../page-element";
import { acceptLink, inspectLink, type Link } from "./person";

/** What somebody sees who follows a one-time link: chooses a password, or shows the one they have. Emits `accepted` with the session. */
export class LinkForm extends PageElement {
  @property() link = "";
  @state() private seen: Link | null = null;
  @state() private problem = "";
  @state() private busy = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("link") && this.link) void this.#inspect();
  }

  protected override render(): TemplateResult {
    return html`<section class="card sign-in">
      <h1>${title(this.seen)}</h1>
      ${this.seen ? this.#form(this.seen) : nothing}
      <p id="problem" class="problem" role="alert">${this.problem || nothing}</p>
      <p class="small-print"><a href="/">Go on without the link</a></p>
    </section>`;
  }

  #form(link: Link): TemplateResult {
    return html`<p class="soft">${explanation(link)}</p>
      <form class="people" @submit=${this.#submit}>
        <label for="email">E-mail address</label>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="username"
          required
          .value=${link.email ?? ""}
          ?readonly=${link.email !== null}
        />
        ${
          link.known
            ? nothing
            : html`<label for="name">Name</label><input id="name" name="name" autocomplete="name" maxlength="200" />`
        }
        <label for="password">${link.known && link.purpose === "invitation" ? "Your password" : "New password"}</label>
        <input
          id="password"
          name="password"
          type="password"
          minlength=${link.known && link.purpose === "invitation" ? 1 : 10}
          autocomplete=${link.known && link.purpose === "invitation" ? "current-password" : "new-password"}
          required
          aria-describedby="problem"
        />
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.busy ? "One moment…" : "Go on"}</button>
      </form>`;
  }

  async #inspect(): Promise<void> {
    try {
      this.seen = await inspectLink(this.link);
    } catch (cause) {
      this.problem = words(cause);
    }
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "");
    this.busy = true;
    acceptLink(this.link, text("email"), text("name"), text("password"))
      .then(
        (session) => this.dispatchEvent(new CustomEvent("accepted", { detail: session })),
        (cause: unknown) => {
          this.problem = words(cause);
        },
      )
      .finally(() => {
        this.busy = false;
      });
  };
}

function title(link: Link | null): string {
  switch (link?.purpose) {
    case "setup":
      return "Set up this Tidemark server";
    case "invitation":
      return `Join ${link.tenant_id}`;
    case "password":
      return "Choose a new password";
    case undefined:
      return "A link to this Tidemark server";
  }
}

function explanation(link: Link): string {
  switch (link.purpose) {
    case "setup":
      return "You will administer this server: make tenants, and invite people. The password needs at least ten characters.";
    case "invitation":
      return link.known
        ? `Sign in to take part as ${link.role}.`
        : `You are invited as ${link.role}. The password needs at least ten characters.`;
    case "password":
      return "Other sessions will end. The password needs at least ten characters.";
  }
}

function words(cause: unknown): string {
  if (!(cause instanceof RequestFailure)) return "The server's answer could not be read.";
  return cause.status === 404
    ? "This link is not valid any more. Ask for another."
    : cause.status === 0
      ? "The server cannot be reached."
      : cause.message;
}
