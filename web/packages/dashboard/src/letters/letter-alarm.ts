import { html } from "lit";
import { changeSettings, readSettings } from "../api/account";
import { sentenceOf } from "../api/client";
import type { App } from "../app";
import { openDialog } from "../parts/dialog";

/** Asks from how many dead letters of an hour on the server raises the alarm. */
export async function editAlarm(app: App): Promise<void> {
  try {
    const { dead_letter_alert_per_hour: known } = await readSettings(app.client);
    const chosen = await openDialog<{ readonly perHour: number | null }>("Alarm", (close) => {
      const submit = (event: SubmitEvent) => {
        event.preventDefault();
        const text = String(new FormData(event.target as HTMLFormElement).get("per_hour"));
        close({ perHour: text === "" ? null : Number(text) });
      };
      return html`<p class="soft">
          From so many dead letters of one hour on, the server's log says so and the metric
          <code>tidemark_dead_letters_alerts_total</code> rises.
        </p>
        <form @submit=${submit}>
          <label class="field"><span class="label">Dead letters an hour (empty: no alarm)</span>
            <input name="per_hour" type="number" min="1" step="1" .value=${known === null ? "" : String(known)} autofocus /></label>
          <div class="row end">
            <button type="button" @click=${() => close(null)}>Cancel</button>
            <button type="submit" class="primary">Save</button>
          </div>
        </form>`;
    });
    if (!chosen) return;
    await changeSettings(app.client, { dead_letter_alert_per_hour: chosen.perHour });
    app.notify({ text: chosen.perHour === null ? "No alarm any more" : "Saved" });
  } catch (cause) {
    app.notify({ text: sentenceOf(cause), bad: true });
  }
}
