import { describe, expect, it } from "vitest";
import type { Permission } from "../../packages/dashboard/src/api/account";
import type { AuditEntry } from "../../packages/dashboard/src/api/audit";
import type { Limit } from "../../packages/dashboard/src/api/usage";
import type { App } from "../../packages/dashboard/src/app";
import { actorOf, deedOf, fits, targetOf } from "../../packages/dashboard/src/audit/deeds";
import {
  filterOf,
  isNarrow,
  perDay,
  tally,
  total,
  wordsOf,
} from "../../packages/dashboard/src/letters/tally";
import { aimed, targetOf as aimOf, placeOf, plain } from "../../packages/dashboard/src/privacy/masking-rules";
import { GROUPS, isOpen, listed, pageOf } from "../../packages/dashboard/src/shell/pages";
import { amount, bytes, share, troubled, warning } from "../../packages/dashboard/src/usage/limits";

describe("the menu", () => {
  const app = (permissions: readonly Permission[]) =>
    ({ person: null, may: (permission: Permission) => permissions.includes(permission) }) as unknown as App;
  const names = (of: App) => GROUPS.flatMap((group) => listed(group, of)).map(({ name }) => name);

  it("lists what the server would show, and no more", () => {
    expect(names(app(["reports:view", "status:read"]))).toEqual(["home", "reports", "system"]);
    expect(names(app(["reports:view", "audit:read", "dead_letters:read"]))).toEqual([
      "home",
      "reports",
      "dead-letters",
      "audit",
    ]);
  });

  it("leaves a person's own page to persons", () => {
    expect(isOpen(pageOf("account"), app([]))).toBe(false);
  });
});

describe("dead letters", () => {
  const counts = [
    { time: "2026-11-20T00:00:00Z", reason: "a", field: "x", event_type: null, count: 2 },
    { time: "2026-11-22T00:00:00Z", reason: "a", field: null, event_type: "e", count: 3 },
    { time: "2026-11-22T00:00:00Z", reason: "b", field: "x", event_type: "e", count: 5 },
    { time: "2026-10-01T00:00:00Z", reason: "b", field: "y", event_type: "e", count: 1 },
  ];

  it("are counted by what they are, and by day without gaps", () => {
    expect(total(counts)).toBe(11);
    expect(tally(counts, "reason")).toEqual([
      { value: "b", count: 6 },
      { value: "a", count: 5 },
    ]);
    expect(tally(counts, "field")[1]).toEqual({ value: "", count: 3 });
    expect(perDay(counts, 4, Date.parse("2026-11-22T23:30:00Z"))).toEqual([
      { day: "2026-11-19", count: 0 },
      { day: "2026-11-20", count: 2 },
      { day: "2026-11-21", count: 0 },
      { day: "2026-11-22", count: 8 },
    ]);
  });

  it("are filtered by what the address says, and by nothing else", () => {
    const query = new URLSearchParams("state=deleted&reason=a&key=&source=b%26c&other=1");
    const filter = filterOf(query, { start: "2026-11-01T00:00:00.000Z", end: "" });
    expect(filter).toEqual({ state: "open", reason: "a", source: "b&c", since: "2026-11-01T00:00:00.000Z" });
    expect(isNarrow(filter)).toBe(true);
    expect(isNarrow(filterOf(new URLSearchParams("state=all"), { start: "", end: "" }))).toBe(false);
    expect(wordsOf({ state: "open", reason: "a" }, 1, "1")).toBe("1 open dead letter with reason a");
    expect(wordsOf({ state: "all" }, 2, "2")).toBe("2 dead letters");
  });
});

describe("masking rules", () => {
  it("keep what their target allows when it changes", () => {
    const ip = { field: "*", detect: "ip", action: "truncate" } as const;
    expect(aimed(ip, "card")).toEqual({ field: "*", detect: "card", action: "redact" });
    expect(aimed(ip, "pattern")).toEqual({ field: "*", pattern: "", action: "redact" });
    expect(aimed({ ...ip, field: "context.ip" }, "whole")).toEqual({
      field: "context.ip",
      action: "truncate",
    });
    expect(aimOf({ field: "*", pattern: null, action: "drop" })).toBe("whole");
    expect(plain({ field: "*", pattern: null, detect: "card", action: "drop" })).toEqual({
      field: "*",
      detect: "card",
      action: "drop",
    });
  });

  it("are found by the path that the server names", () => {
    expect(placeOf("masking[12].pattern")).toEqual({ index: 12, member: "pattern" });
    expect(placeOf("masking[0]")).toEqual({ index: 0, member: "" });
    expect(placeOf("masking")).toBeNull();
  });
});

describe("acts", () => {
  const entry = (action: string, more: object = {}) =>
    ({
      number: 1,
      at: "2026-11-22T12:00:00Z",
      actor: { kind: "user", id: "u1" },
      action,
      outcome: "done",
      status: 200,
      entry: `{"action":"${action}"}`,
      hash: "",
      ...more,
    }) as AuditEntry;
  const names = new Map([["u1", "Ada"]]);

  it("are told in words, and as their route where there are none", () => {
    expect(deedOf("PUT /api/v1/settings")).toBe("changed settings");
    expect(deedOf("POST /api/v1/reports/:id/widgets")).toBe("made widget");
    expect(deedOf("DELETE /api/v1/users/:userId")).toBe("had a person erased");
    expect(deedOf("POST /api/v1/keys/:id/rotate")).toBe("replaced key");
    expect(deedOf("GET /api/v1/strange")).toBe("GET /api/v1/strange");
    expect(targetOf(entry("POST /api/v1/schemas", { target: {}, after: { event_type: "order" } }))).toBe(
      "order",
    );
  });

  it("are found by words, actor, outcome and day", () => {
    const any = { words: "", kind: "", outcome: "", from: "", to: "" };
    const act = entry("PUT /api/v1/settings");
    expect(actorOf(act, names)).toBe("Ada");
    expect(fits(act, { ...any, words: "ada SETTINGS" }, names)).toBe(true);
    expect(fits(act, { ...any, words: "ada keys" }, names)).toBe(false);
    expect(fits(act, { ...any, outcome: "refused" }, names)).toBe(false);
    expect(fits(entry("x", { outcome: "unknown" }), { ...any, outcome: "refused" }, names)).toBe(true);
    expect(fits(act, { ...any, kind: "secret_key" }, names)).toBe(false);
    expect(fits(act, { ...any, from: "2026-11-24" }, names)).toBe(false);
    expect(fits(act, { ...any, from: "2026-11-21", to: "2026-11-23" }, names)).toBe(true);
  });
});

describe("limits", () => {
  const limit = (part: Partial<Limit>): Limit => ({
    limit: "events_per_month",
    used: 900,
    soft: 800,
    hard: 1000,
    unit: "events",
    window: "2026-11",
    resets_at: "2026-12-01T00:00:00Z",
    state: "soft",
    ...part,
  });

  it("are told in their unit", () => {
    expect(["1", "999", "1500", "50000000000"].map((value) => bytes(Number(value)))).toEqual([
      "1 B",
      "999 B",
      "1.5 kB",
      "50 GB",
    ]);
    expect(amount(2_500_000, limit({ limit: "storage_bytes", unit: "bytes" }))).toBe("2.5 MB");
  });

  it("are full where they end, and never where they have no end", () => {
    expect(share(limit({}))).toBe(0.9);
    expect(share(limit({ used: 5000 }))).toBe(1);
    expect(share(limit({ hard: 0 }))).toBe(1);
    expect(share(limit({ soft: null, hard: null }))).toBeNull();
  });

  it("warn where they are near or reached, the reached ones first", () => {
    const [soft, hard, fine] = [limit({}), limit({ state: "hard", used: 1000 }), limit({ state: "ok" })];
    expect(troubled([fine, soft, hard])).toEqual([hard, soft]);
    expect(warning(fine)).toBe("");
    expect(warning(soft)).toBe(
      "Events this month: 900 of 1,000, more than the soft limit of 800. Nothing is refused yet.",
    );
    expect(warning(limit({ hard: null }))).toBe(
      "Events this month: 900 used, more than the soft limit of 800. Nothing is refused yet.",
    );
    expect(warning(hard)).toContain("the limit of 1,000 is reached");
  });
});
