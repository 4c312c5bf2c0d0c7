import { choicesIn } from "./choices";
import { defineElements, type TidemarkReport } from "./elements";
import { postHeight } from "./frame-height";
import { askParentForToken } from "./parent-token";
import { readTheme } from "./theme";

/** The page at `/embed/reports/{id}`: takes the token out of its address, then shows the report. */
function show(): void {
  const address = new URL(location.href);
  const report = decodeURIComponent(/\/embed\/reports\/([^/]+)/.exec(address.pathname)?.[1] ?? "");
  const token = address.searchParams.get("token") ?? "";
  const theme = readTheme(address.searchParams.get("theme"));
  address.searchParams.delete("token");
  history.replaceState(null, "", address.pathname + address.search);

  defineElements();
  document.documentElement.dataset.theme = theme;
  const element: TidemarkReport = document.createElement("tidemark-report");
  element.report = report;
  element.token = token;
  element.theme = theme;
  Object.assign(element, choicesIn(address.searchParams));
  element.interval = address.searchParams.get("interval") ?? "";
  element.locale = address.searchParams.get("locale") ?? "";
  element.hideTitle = address.searchParams.get("title") === "off";
  element.hideControls = address.searchParams.get("controls") === "off";
  const alone = window.parent === window;
  document.body.classList.toggle("alone", alone);
  if (!alone) element.tokenProvider = () => askParentForToken(report);
  element.addEventListener("tidemark-change", (event) => {
    if (!alone)
      window.parent.postMessage(
        { type: "tidemark:change", report, choices: (event as CustomEvent).detail },
        "*",
      );
  });
  document.querySelector("main")?.append(element);
  postHeight(report, document.documentElement);
}

show();
