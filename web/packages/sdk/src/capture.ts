import type { Properties } from "./arguments";

const MARK = "data-tidemark";
const LONGEST_TEXT = 200;

type Track = (event: string, properties: Properties) => void;

/**
 * Sends what elements are marked with: `data-tidemark="signup_clicked"` names the event of a click, on a form that of its submission, and
 * `data-tidemark-plan="pro"` a property. What people type is never read.
 */
export function watchMarked(track: Track): void {
  const listen = (kind: string, find: (target: Element) => Element | null) =>
    addEventListener(
      kind,
      ({ target }) => {
        const element = target instanceof Element ? find(target) : null;
        const event = element?.getAttribute(MARK);
        if (element && event) track(event, propertiesOf(element));
      },
      true,
    );
  listen("click", (target) => target.closest(`[${MARK}]:not(form)`));
  listen("submit", (target) => target.closest(`form[${MARK}]`));
}

function propertiesOf(element: Element): Properties {
  const properties: Record<string, string> = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith(`${MARK}-`)) properties[name.slice(MARK.length + 1).replace(/-/g, "_")] = value;
  }
  return properties;
}

/** Sends `outbound_link_clicked` for links to other hosts, also those that open in another tab. */
export function watchOutboundLinks(track: Track): void {
  const clicked = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>("a[href]") : null;
    if (link && /^https?:$/.test(link.protocol) && link.host !== location.host) {
      track("outbound_link_clicked", {
        url: link.href,
        host: link.host,
        text: (link.textContent ?? "").trim().slice(0, LONGEST_TEXT),
      });
    }
  };
  addEventListener("click", clicked, true);
  // The middle button.
  addEventListener("auxclick", clicked, true);
}
