import { describe, expect, it } from "vitest";
import { displayName, Format, label } from "../../packages/widgets/src/format";

describe("numbers", () => {
  const format = new Format("en-US");

  it("are written in full up to ten thousand and compactly above", () => {
    expect(format.compact(9_999)).toBe("9,999");
    expect(format.compact(12_345)).toBe("12.3K");
    expect(format.compact(7_800_000)).toBe("7.8M");
    expect(format.number(1_234_567)).toBe("1,234,567");
  });

  it("keep three digits below one and two decimals below a thousand", () => {
    expect(format.number(0.012345)).toBe("0.0123");
    expect(format.number(12.3456)).toBe("12.35");
    expect(format.number(0)).toBe("0");
  });

  it("show an absent value as a dash, never as zero", () => {
    expect(format.number(null)).toBe("–");
    expect(format.compact(undefined)).toBe("–");
    expect(format.number(Number.NaN)).toBe("–");
  });

  it("follow the locale", () => {
    expect(new Format("de-DE").number(1234.5)).toBe("1.235");
    expect(new Format("de-DE").number(1.5)).toBe("1,5");
  });

  it("write shares as percentages, small ones with two digits", () => {
    expect(format.percent(0.6249)).toBe("62.5%");
    expect(format.percent(0.000421)).toBe("0.042%");
    expect(format.percent(0)).toBe("0%");
    expect(format.percent(null)).toBe("–");
    expect(new Format("de-DE").percent(0.5)).toBe("50\u00a0%");
  });

  it("write lengths of time in the largest unit that fits", () => {
    expect([45, 150, 11_520, 345_600].map((seconds) => format.duration(seconds))).toEqual([
      "45 sec",
      "2.5 min",
      "3.2 hr",
      "4 days",
    ]);
    expect(format.duration(null)).toBe("–");
    expect(format.inUnit(0.5, "percent")).toBe("50%");
    expect(format.inUnit(60, "seconds")).toBe("1 min");
    expect(format.inUnit(60, undefined)).toBe("60");
  });

  it("write a change with its sign", () => {
    expect(format.change(0.125)).toBe("+12.5%");
    expect(format.change(-0.5)).toBe("-50%");
  });
});

describe("times", () => {
  const format = new Format("en-GB");

  it("are told in the report's zone, across a change of clocks", () => {
    expect(format.bucket("2026-03-29T03:00:00+02:00", "hour", "Europe/Berlin")).toBe("03:00");
    expect(format.bucket("2026-03-29T01:00:00Z", "hour", "Europe/Berlin")).toBe("03:00");
    expect(format.bucketInFull("2026-03-28T23:00:00Z", "day", "Europe/Berlin")).toBe("Sun, 29 Mar 2026");
  });

  it("know the bucket that begins a day", () => {
    expect(format.startsDay("2026-03-28T23:00:00Z", "Europe/Berlin")).toBe(true);
    expect(format.startsDay("2026-03-28T23:00:00Z", "UTC")).toBe(false);
  });

  it("fall back to UTC for a zone that the browser does not know", () => {
    expect(format.bucket("2026-03-28T12:00:00Z", "hour", "Mars/Olympus")).toBe("12:00");
  });

  it("say how long ago an instant was", () => {
    expect(format.ago(0, 125_000)).toBe("2 min ago");
    expect(format.ago(0, 3_600_000)).toBe("1 hr ago");
  });
});

describe("names", () => {
  it("turn the reserved breakdown values into words", () => {
    expect(displayName("$other")).toBe("Other");
    expect(displayName("$none")).toBe("(none)");
    expect(displayName("")).toBe("(none)");
    expect(displayName("DE")).toBe("DE");
  });

  it("turn a measure's name into a label", () => {
    expect(label("page_views")).toBe("Page views");
  });
});
