import { html, render, type TemplateResult } from "lit";

/** Shows a modal dialog and answers what it was closed with; null when it was dismissed. */
export function openDialog<T>(
  title: string,
  content: (close: (result: T | null) => void) => TemplateResult,
  wide = false,
): Promise<T | null> {
  const dialog = document.createElement("dialog");
  if (wide) dialog.classList.add("wide");
  dialog.setAttribute("aria-label", title);
  document.body.append(dialog);
  return new Promise((resolve) => {
    let result: T | null = null;
    const close = (value: T | null) => {
      result = value;
      dialog.close();
    };
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    render(
      html`<header class="row">
          <h2>${title}</h2>
          <button type="button" class="small quiet" aria-label="Close" @click=${() => close(null)}>✕</button>
        </header>
        ${content(close)}`,
      dialog,
    );
    dialog.showModal();
  });
}

export interface Choice<T> {
  readonly label: string;
  readonly value: T;
  readonly look?: "primary" | "danger";
}

/** Asks a question with a few answers; null when it was dismissed. */
export function choose<T>(title: string, text: string, choices: readonly Choice<T>[]): Promise<T | null> {
  return openDialog<T>(
    title,
    (close) => html`<p>${text}</p>
      <div class="row end">
        <button type="button" @click=${() => close(null)}>Cancel</button>
        ${choices.map(
          ({ label, value, look }) =>
            html`<button type="button" class=${look ?? ""} @click=${() => close(value)}>${label}</button>`,
        )}
      </div>`,
  );
}

export async function confirmed(
  title: string,
  text: string,
  label: string,
  look: "primary" | "danger" = "danger",
): Promise<boolean> {
  return (await choose(title, text, [{ label, value: true, look }])) === true;
}

/** Asks for a line of text; null when it was dismissed. */
export function askText(title: string, label: string, value: string, done: string): Promise<string | null> {
  return openDialog<string>(title, (close) => {
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const text = new FormData(event.target as HTMLFormElement).get("text");
      if (typeof text === "string" && text.trim() !== "") close(text.trim());
    };
    return html`<form @submit=${submit}>
      <label class="field"><span class="label">${label}</span>
        <input name="text" required maxlength="200" autocomplete="off" .value=${value} autofocus />
      </label>
      <div class="row end">
        <button type="button" @click=${() => close(null)}>Cancel</button>
        <button type="submit" class="primary">${done}</button>
      </div>
    </form>`;
  });
}
