import type { Theme } from "@tidemark/widgets/theme";
import { readTheme } from "@tidemark/widgets/theme";

const STORED = "tidemark.theme";

/** What was chosen in this browser; `auto` follows the system. */
export function storedTheme(): Theme {
  return readTheme(localStorage.getItem(STORED));
}

/** Has the whole page take on a look, and remembers it. */
export function wear(theme: Theme): void {
  localStorage.setItem(STORED, theme);
  show(theme);
}

export function show(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}
