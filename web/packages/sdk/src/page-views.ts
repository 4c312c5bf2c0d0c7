/** The place that counts as a page. */
const placeOf = (withHash: boolean) => location.pathname + location.search + (withHash ? location.hash : "");

/**
 * Calls for each page that is seen: this one, what the history API makes of it, and this one again when the browser brings it back from
 * its cache. The page that came before is told as the referrer.
 */
export function watchPageViews(withHash: boolean, view: (referrer: string) => void): void {
  let place = "";
  let here = document.referrer;
  const look = (again?: unknown) => {
    const now = placeOf(withHash);
    if (now === place && again !== true) return;
    place = now;
    const referrer = here;
    here = location.href;
    view(referrer);
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (this: History, ...change: Parameters<History["pushState"]>) {
      original.apply(this, change);
      // Afterwards, when the page has set its title.
      setTimeout(look);
    };
  }
  addEventListener("popstate", () => setTimeout(look));
  if (withHash) addEventListener("hashchange", () => setTimeout(look));
  addEventListener("pageshow", (event) => event.persisted && look(true));
  const page = document as Document & { readonly prerendering?: boolean };
  if (page.prerendering) page.addEventListener("prerenderingchange", () => look(), { once: true });
  else look();
}
