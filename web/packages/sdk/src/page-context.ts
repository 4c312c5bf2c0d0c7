import type { Properties } from "./arguments";

const CAMPAIGN = /^utm_(source|medium|campaign|term|content)$/;

/** Where the visitor is and came from. */
export function pageContext(referrer: string): Properties {
  const { href, search } = location;
  const campaign: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const part = CAMPAIGN.exec(name)?.[1];
    if (part) campaign[part === "campaign" ? "name" : part] = value;
  }
  return {
    page: { url: href, title: document.title, referrer },
    locale: navigator.language,
    ...(Object.keys(campaign).length > 0 ? { campaign } : {}),
  };
}
