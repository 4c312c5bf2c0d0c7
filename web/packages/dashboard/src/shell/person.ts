import { RequestFailure, rememberCsrfToken, request, SESSION } from "@tidemark/widgets/request";
import type { AnswerOf, Wire } from "@tidemark/widgets/wire";

/** Who has signed in, and in which tenants they work. */
export type Session = Wire<"Session">;

/** How people can sign in to this server. */
export type Ways = AnswerOf<"waysToSignIn">;

/** What a one-time link is good for. */
export type Link = Wire<"OneTimeLink">;

/** The ways in; of a server that does not say, a key alone. */
export async function waysIn(): Promise<Ways> {
  try {
    const ways = (await send("/api/v1/sign-in")) as Ways;
    if (ways.session) remembered(ways.session);
    return ways;
  } catch (cause) {
    if (!(cause instanceof RequestFailure)) throw cause;
    return { password: false, setup: false };
  }
}

export function signIn(email: string, password: string): Promise<Session> {
  return begun("/api/v1/session", { email, password });
}

export async function inspectLink(link: string): Promise<Link> {
  return (await send("/api/v1/links/inspect", { link })) as Link;
}

export function acceptLink(link: string, email: string, name: string, password: string): Promise<Session> {
  return begun("/api/v1/links/accept", { link, email, name, password });
}

export async function chooseTenant(tenant: string): Promise<void> {
  await send("/api/v1/session", { tenant_id: tenant }, "PATCH");
}

/** @param everywhere ends the other sessions of the person too */
export async function signOut(everywhere = false): Promise<void> {
  const response = await fetch(`/api/v1/session${everywhere ? "?everywhere=true" : ""}`, {
    method: "DELETE",
    headers: { "X-CSRF-Token": lastToken },
    credentials: "same-origin",
  });
  if (response.ok) rememberCsrfToken("");
}

let lastToken = "";

async function begun(path: string, body: unknown): Promise<Session> {
  const session = (await send(path, body)) as Session;
  return remembered(session);
}

/** Keeps what later requests of the session need. */
export function remembered(session: Session): Session {
  lastToken = session.csrf_token;
  rememberCsrfToken(session.csrf_token);
  return session;
}

async function send(path: string, body?: unknown, method?: string): Promise<unknown> {
  const answer = await request<unknown>(new URL(path, location.origin).href, {
    token: SESSION,
    ...(body === undefined ? {} : { body }),
    ...(method ? { method } : {}),
  });
  return answer.kind === "fresh" ? answer.body : null;
}
