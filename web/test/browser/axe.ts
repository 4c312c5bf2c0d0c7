import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

interface Found extends Omit<Finding, "nodes"> {
  readonly nodes: readonly (Finding["nodes"][number] & { readonly element: Element })[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds that is serious or worse, a line each. */
export async function findings(page: Page): Promise<readonly string[]> {
  // Through the debugger, which the page's content policy does not bind.
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(context: Document, options: object): Promise<{ violations: readonly Found[] }>;
      };
    };
    const { violations } = await axe.run(document, { resultTypes: ["violations"], elementRef: true });
    // A picture takes the focus as a whole, and its arrow keys bring what is out of sight into view.
    const isPicture = (id: string, element: Element) =>
      id === "scrollable-region-focusable" && element.parentElement?.matches('.box[tabindex="0"]');
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes
        .filter(({ element }) => !isPicture(id, element))
        .map(({ html, failureSummary }) => ({ html, failureSummary })),
    }));
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes
        .slice(0, 3)
        .map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
    );
}
