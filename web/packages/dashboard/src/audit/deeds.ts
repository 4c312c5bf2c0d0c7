import type { AuditEntry } from "../api/audit";

const NAMES: Readonly<Record<string, string>> = {
  reports: "report",
  widgets: "widget",
  cohorts: "cohort",
  members: "member",
  people: "people",
  keys: "key",
  invitations: "invitation",
  schemas: "schema",
  tenants: "tenant",
  users: "person",
  "share-links": "share link",
  "setup-links": "setup link",
  "token-issuers": "token issuer",
  "dead-letters": "dead letters",
  settings: "settings",
  session: "session",
  sign: "sign-in",
};
const VERBS: Readonly<Record<string, string>> = {
  POST: "made",
  PUT: "changed",
  PATCH: "changed",
  DELETE: "removed",
};
const ENDINGS: Readonly<Record<string, string>> = {
  rotate: "replaced",
  replay: "replayed",
  revoke: "ended the tokens of",
  export: "exported",
  invalidate: "emptied",
  check: "checked",
};
const WHOLE: Readonly<Record<string, string>> = {
  "POST /api/v1/session": "signed in",
  "DELETE /api/v1/session": "signed out",
  "PATCH /api/v1/session": "chose a tenant",
  "POST /api/v1/session/password": "changed their password",
  "POST /api/v1/links/accept": "accepted a link",
  "POST /api/v1/embed-secret/rotate": "ended all embed tokens",
  "POST /api/v1/cache/invalidate": "emptied the kept answers",
  "DELETE /api/v1/users/:userId": "had a person erased",
  "GET /api/v1/users/:userId/export": "exported a person",
};

/** An act in words, as in "changed settings"; as the route says it where there are none. */
export function deedOf(action: string): string {
  const whole = WHOLE[action];
  if (whole) return whole;
  const [method = "", path = ""] = action.split(" ");
  const parts = path
    .split("/")
    .filter((part) => part !== "" && part !== "api" && part !== "v1" && !part.startsWith(":"));
  const last = parts.at(-1) ?? "";
  const ending = ENDINGS[last];
  const thing = ending ? parts.at(-2) : last;
  const name = NAMES[thing ?? ""] ?? (thing ?? "").replaceAll("-", " ");
  const verb = ending ?? VERBS[method];
  return verb && name ? `${verb} ${name}` : action;
}

/** Under what the things that are acted on carry their names. */
const NAMING = ["event_type", "report_name", "name", "email"] as const;
/** What stands in an entry for a value that is not written down. */
const HIDDEN = "...";

/** Whom or what an act was about, as far as the entry tells. */
export function targetOf({ target, made, given, before, after }: AuditEntry): string {
  const told = [...Object.values(target ?? {}), ...Object.values(made ?? {})];
  const words = told.filter((value) => typeof value === "string" && value !== "");
  const named = [after, given, before]
    .flatMap((side) => NAMING.map((key) => (side as Readonly<Record<string, unknown>> | undefined)?.[key]))
    .find((value) => typeof value === "string" && value !== "" && value !== HIDDEN);
  if (named !== undefined) return String(named);
  return (words.length > 0 ? words : told.filter((value) => typeof value === "number")).join(", ");
}

/** Who acted, by a name where one is known. */
export function actorOf({ actor }: AuditEntry, names: ReadonlyMap<string, string>): string {
  const { kind, id, issuer } = actor;
  const name = id === undefined ? undefined : names.get(id);
  switch (kind) {
    case "user":
      return name ?? `user ${id}`;
    case "secret_key":
    case "write_key":
      return name === undefined ? `${kind.replace("_", " ")} ${id ?? ""}` : `key ${name}`;
    case "bearer_token":
      return `${id} of ${issuer}`;
    case "embed_token":
      return `embed token of ${id}`;
    case "operator":
      return "the operator";
    case "visitor":
      return "somebody who had not signed in";
  }
}

export interface Wanted {
  readonly words: string;
  readonly kind: string;
  readonly outcome: string;
  /** Days in the reader's zone, empty for any. */
  readonly from: string;
  readonly to: string;
}

/** Whether an entry is among those that are looked for. */
export function fits(entry: AuditEntry, wanted: Wanted, names: ReadonlyMap<string, string>): boolean {
  const { words, kind, outcome, from, to } = wanted;
  if (kind !== "" && entry.actor.kind !== kind) return false;
  if (outcome !== "" && (outcome === "done") !== (entry.outcome === "done")) return false;
  const at = Date.parse(entry.at);
  if (from !== "" && at < Date.parse(`${from}T00:00:00`)) return false;
  if (to !== "" && at > Date.parse(`${to}T23:59:59.999`)) return false;
  const text = [entry.entry, deedOf(entry.action), actorOf(entry, names)].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
