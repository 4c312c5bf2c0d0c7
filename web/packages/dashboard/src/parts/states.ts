import { RequestFailure } from "@tidemark/widgets/request";
import { html, nothing, type TemplateResult } from "lit";
import { sentenceOf } from "../api/client";

/** Bars in the place of what is being fetched. */
export function loadingState(label = "Loading"): TemplateResult {
  return html`<div class="state-loading" aria-busy="true" role="status" data-state="loading">
    <span class="unseen">${label}</span>
    <div class="bone"></div>
    <div class="bone"></div>
    <div class="bone short"></div>
  </div>`;
}

/** What happened and what can be done, with the id under which the server's log knows it. */
export function failedState(cause: unknown, retry?: () => void): TemplateResult {
  const problem = cause instanceof RequestFailure ? cause.problem : null;
  return html`<div class="state-message" role="alert" data-state="error">
    <strong>${titleOf(problem?.status)}</strong>
    <p>${sentenceOf(cause)}</p>
    ${problem?.correlation_id ? html`<code>${problem.correlation_id}</code>` : nothing}
    ${retry ? html`<button type="button" @click=${retry}>Try again</button>` : nothing}
  </div>`;
}

function titleOf(status: number | undefined): string {
  switch (status) {
    case 403:
      return "You may not see this";
    case 404:
      return "There is no such thing here";
    default:
      return "That did not work";
  }
}

/** Why there is nothing, and what makes something. */
export function emptyState(title: string, advice: string, action: unknown = nothing): TemplateResult {
  return html`<div class="state-message" data-state="empty">
    <strong>${title}</strong>
    <p>${advice}</p>
    ${action}
  </div>`;
}
