import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cookiePlace, gatedStore, localPlace, memoryStore, storeAt } from "../../../packages/sdk/src/store";
import { FakeStorage } from "./fakes";

let storage: FakeStorage;
beforeEach(() => {
  storage = new FakeStorage();
  vi.stubGlobal("localStorage", storage.asGlobal());
});
afterEach(() => vi.unstubAllGlobals());

describe("a store in the origin's storage", () => {
  it("keeps to names with its prefix", () => {
    localStorage.setItem("theirs", "x");
    const store = storeAt(localPlace, "t.");
    store.set("a", "1");
    expect(storage.names).toEqual(["theirs", "t.a"]);
    expect(store.names()).toEqual(["a"]);
    expect(storeAt(localPlace, "t.").get("a")).toBe("1");
    store.remove("a");
    expect(store.get("a")).toBeNull();
  });

  it("says when there is no room, and never throws", () => {
    const store = storeAt(localPlace, "t.");
    store.set("a", "1");
    storage.mostChars = 10;
    expect(store.set("b", "12345678901")).toBe(false);
    storage.broken = true;
    expect(store.get("a")).toBeNull();
    expect(store.set("a", "2")).toBe(false);
    expect(store.names()).toEqual([]);
    expect(() => store.remove("a")).not.toThrow();
  });

  it.each([
    ["is forbidden", () => (storage.broken = true)],
    ["has no room at all", () => (storage.mostChars = 0)],
    ["does not exist", () => vi.stubGlobal("localStorage", undefined)],
  ])("is in memory where the storage %s", (_, spoil) => {
    spoil();
    const store = storeAt(localPlace, "t.");
    expect(store.set("a", "1")).toBe(true);
    expect(store.get("a")).toBe("1");
    expect(storage.names).toEqual([]);
  });
});

describe("a store in cookies", () => {
  let jar: Map<string, string>;
  let written: string[];
  beforeEach(() => {
    jar = new Map([["theirs", "x"]]);
    written = [];
    vi.stubGlobal("location", { protocol: "https:" });
    vi.stubGlobal("document", {
      get cookie() {
        return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      },
      set cookie(text: string) {
        written.push(text);
        const [name = "", value = ""] = (text.split(";")[0] ?? "").split("=");
        if (text.includes("max-age=0")) jar.delete(name);
        else jar.set(name, value);
      },
    });
  });

  it("keeps texts of every kind for a year, for all subdomains where asked", () => {
    const store = storeAt(cookiePlace("example.com"), "t.");
    store.set("a", "x=1; y=ü");
    expect(store.get("a")).toBe("x=1; y=ü");
    expect(store.names()).toEqual(["a"]);
    expect(written.at(-1)).toContain(";path=/;max-age=31536000;samesite=lax;domain=example.com;secure");
    store.remove("a");
    expect([...jar.keys()]).toEqual(["theirs"]);
  });

  it("is in memory on a page that may have none", () => {
    vi.stubGlobal("document", {
      get cookie(): string {
        throw new DOMException("SecurityError");
      },
    });
    const store = storeAt(cookiePlace(), "t.");
    store.set("a", "1");
    expect(store.get("a")).toBe("1");
  });
});

describe("a gated store", () => {
  it("keeps in memory until it is opened, and then where it lasts", () => {
    const lasting = memoryStore();
    lasting.set("old", "1");
    const store = gatedStore(lasting);
    store.set("new", "2");
    expect(lasting.names()).toEqual(["old"]);
    expect(store.get("old")).toBeNull();
    store.open();
    expect(lasting.get("new")).toBe("2");
    expect(store.get("old")).toBe("1");
    store.set("more", "3");
    store.open();
    expect(lasting.names()).toEqual(["old", "new", "more"]);
  });

  it("does not let what was made up meanwhile replace what lasts", () => {
    const lasting = memoryStore();
    lasting.set("anonymous", "known");
    const store = gatedStore(lasting);
    store.set("anonymous", "made up");
    store.open();
    expect(store.get("anonymous")).toBe("known");
  });

  it("forgets everything when it is closed", () => {
    const lasting = memoryStore();
    const store = gatedStore(lasting);
    store.open();
    store.set("a", "1");
    store.close();
    expect(lasting.names()).toEqual([]);
    store.set("b", "2");
    expect(lasting.names()).toEqual([]);
  });
});
