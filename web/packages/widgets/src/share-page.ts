import { defineElements, type TidemarkReport } from "./elements";
import { RequestFailure, request } from "./request";
import { readTheme } from "./theme";
import type { AnswerOf } from "./wire";

type Opened = AnswerOf<"openShareLink">;

const main = document.querySelector("main") as HTMLElement;
/** Stays behind the `#` of the address: whoever reloads the page sees the report again, and no server's log sees it. */
const link = location.hash.slice(1);
let password = "";

/** The page at `/share`: shows the report of a share link, after its password where it has one. */
async function show(): Promise<void> {
  try {
    const opened = await open();
    defineElements();
    const element: TidemarkReport = document.createElement("tidemark-report");
    const theme = readTheme(opened.theme);
    document.documentElement.dataset.theme = theme;
    element.report = opened.report_id;
    element.token = opened.token;
    element.theme = theme;
    element.tokenProvider = async () => (await open()).token;
    main.replaceChildren(element);
  } catch (cause) {
    if (!(cause instanceof RequestFailure)) throw cause;
    if (cause.status === 401) ask(password === "" ? "" : cause.message);
    else say(cause.status === 404 ? "This link is not valid any more." : cause.message);
  }
}

async function open(): Promise<Opened> {
  const answer = await request<Opened>(new URL("/api/v1/share/open", location.origin).href, {
    token: "",
    body: password === "" ? { link } : { link, password },
  });
  if (answer.kind === "fresh") return answer.body;
  throw new RequestFailure({ title: "Nothing was sent", status: 502 });
}

function ask(problem: string): void {
  const form = document.createElement("form");
  form.className = "ask";
  form.innerHTML = `<h1>This report has a password</h1><label for="password">Password</label>
    <input id="password" name="password" type="password" autocomplete="off" required autofocus />
    <p role="alert"></p><button type="submit">Show the report</button>`;
  (form.querySelector("[role=alert]") as HTMLElement).textContent = problem;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    password = String(new FormData(form).get("password") ?? "");
    void show();
  });
  main.replaceChildren(form);
}

function say(text: string): void {
  const note = document.createElement("div");
  note.className = "ask";
  const title = document.createElement("h1");
  title.textContent = text;
  note.append(title);
  main.replaceChildren(note);
}

void show();
