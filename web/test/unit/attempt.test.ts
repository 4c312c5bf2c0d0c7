import { describe, expect, it } from "vitest";
import { Attempt } from "../../packages/dashboard/src/parts/attempt";

function host() {
  const drawn: string[] = [];
  const controllers: unknown[] = [];
  const element = {
    addController: (each: unknown) => controllers.push(each),
    removeController: () => {},
    requestUpdate: () => drawn.push(`${attempt.busy ? "busy" : "idle"}:${attempt.failed}`),
    updateComplete: Promise.resolve(true),
  };
  const attempt: Attempt = new Attempt(element);
  return { attempt, drawn };
}

describe("an attempt", () => {
  it("is under way until its task is over, and says why it failed until something succeeds", async () => {
    const { attempt, drawn } = host();
    await attempt.make(() => Promise.reject(new Error("No such person")));
    const [, failed = ""] = (drawn.at(-1) ?? "").split(":");
    expect(failed).not.toBe("");
    await attempt.make(async () => {});
    expect(drawn).toEqual(["busy:", `idle:${failed}`, `busy:${failed}`, "idle:"]);
  });

  it("is forgotten when something else is looked at", async () => {
    const { attempt, drawn } = host();
    await attempt.make(() => Promise.reject(new Error("No such person")));
    attempt.forget();
    expect(attempt.failed).toBe("");
    expect(drawn.at(-1)).toBe("idle:");
  });
});
