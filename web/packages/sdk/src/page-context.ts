import type { Properties } from "./arguments";

/** Where the visitor is and came from. The server reads the campaign out of the address. */
export function pageContext(referrer: string): Properties {
  return {
    page: { url: location.href, title: document.title, referrer },
    locale: navigator.language,
  };
}
