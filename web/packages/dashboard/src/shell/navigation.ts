import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../app";
import { icon } from "./icons";
import { GROUPS, listed, pageOf } from "./pages";
import type { Route } from "./route";

/** The pages that the session may see, under headings. */
export function navigation(app: App, route: Route, followed: () => void): TemplateResult {
  const here = pageOf(route.page);
  return html`<nav aria-label="Pages">
    ${GROUPS.map((group) => {
      const pages = listed(group, app);
      if (pages.length === 0) return nothing;
      return html`<div role="group" aria-labelledby=${`group-${group}`}>
        <h2 id=${`group-${group}`} class=${group === "Reports" ? "unseen" : ""}>${group}</h2>
        ${pages.map(
          (page) => html`<a
            href="#/${page.name}"
            aria-current=${page.name === (here.under ?? here.name) ? "page" : nothing}
            @click=${followed}
          >${page.icon ? icon(page.icon) : nothing}<span>${page.title}</span></a>`,
        )}
      </div>`;
    })}
  </nav>`;
}

/** The way to what a person may change of their own; nothing for a key. */
export function ownPlace(
  { person }: App,
  route: Route,
  followed: () => void,
): TemplateResult | typeof nothing {
  if (!person) return nothing;
  const name = person.user.name || person.user.email;
  return html`<a
    class="own"
    href="#/account"
    title=${name}
    aria-label=${`Your account, ${name}`}
    aria-current=${route.page === "account" ? "page" : nothing}
    @click=${followed}
  >${icon("people")}<span>${name}</span></a>`;
}
