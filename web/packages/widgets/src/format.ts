import type { Interval, Unit } from "./api";

/** Writes numbers and times the way a reader of one locale expects them. Holds no state beyond its formatters. */
export class Format {
  readonly #compact: Intl.NumberFormat;
  readonly #whole: Intl.NumberFormat;
  readonly #fraction: Intl.NumberFormat;
  readonly #small: Intl.NumberFormat;
  readonly #change: Intl.NumberFormat;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #percent: Intl.NumberFormat;
  readonly #smallPercent: Intl.NumberFormat;

  constructor(readonly locale: string | undefined = undefined) {
    this.#compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#fraction = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    this.#small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    this.#change = new Intl.NumberFormat(locale, {
      style: "percent",
      maximumFractionDigits: 1,
      signDisplay: "exceptZero",
    });
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "short" });
    this.#percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
    this.#smallPercent = new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 2 });
  }

  /** A number in full: 12,345.67. An absent one is an en dash. */
  number(value: number | null | undefined): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    if (value !== 0 && Math.abs(value) < 1) return this.#small.format(value);
    return Math.abs(value) >= 1000 ? this.#whole.format(value) : this.#fraction.format(value);
  }

  /** A number for an axis or a headline: 12.3K from ten thousand up, else in full. */
  compact(value: number | null | undefined): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    return Math.abs(value) >= 10_000 ? this.#compact.format(value) : this.number(value);
  }

  /** A relative change as a signed percentage: +12.5%. */
  change(ratio: number): string {
    return Math.abs(ratio) >= 100 ? `${ratio > 0 ? "+" : "−"}>10,000%` : this.#change.format(ratio);
  }

  /** A share of 1 as a percentage: 62.5%, and 0.042% below one hundredth. */
  percent(share: number | null | undefined): string {
    if (share === null || share === undefined || !Number.isFinite(share)) return "–";
    return share !== 0 && Math.abs(share) < 0.01
      ? this.#smallPercent.format(share)
      : this.#percent.format(share);
  }

  /** A length of time in its largest fitting unit: 45 sec, 2.5 min, 3.2 hr, 4 days. */
  duration(seconds: number | null | undefined): string {
    if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
    const [unit, length] =
      seconds < 60
        ? ["second", 1]
        : seconds < 3600
          ? ["minute", 60]
          : seconds < 172_800
            ? ["hour", 3600]
            : ["day", 86_400];
    return durationFormat(this.locale, String(unit)).format(seconds / Number(length));
  }

  /** A value in its unit, in full. */
  inUnit(value: number | null | undefined, unit: Unit | undefined): string {
    switch (unit) {
      case "percent":
        return this.percent(value);
      case "seconds":
        return this.duration(value);
      case undefined:
        return this.number(value);
    }
  }

  /** A value in its unit, for an axis or a headline. */
  compactIn(value: number | null | undefined, unit: Unit | undefined): string {
    return unit === undefined ? this.compact(value) : this.inUnit(value, unit);
  }

  /** How long ago an instant was: "2 min. ago". */
  ago(instant: number, now: number): string {
    const seconds = Math.max(0, Math.round((now - instant) / 1000));
    if (seconds < 60) return this.#relative.format(-seconds, "second");
    if (seconds < 3600) return this.#relative.format(-Math.round(seconds / 60), "minute");
    if (seconds < 86_400) return this.#relative.format(-Math.round(seconds / 3600), "hour");
    return this.#relative.format(-Math.round(seconds / 86_400), "day");
  }

  /** The instant of a bucket as an axis label. */
  bucket(time: string, interval: Interval, zone: string): string {
    switch (interval) {
      case "minute":
      case "hour":
        return this.#date(time, zone, { hour: "2-digit", minute: "2-digit" });
      case "day":
      case "week":
        return this.#date(time, zone, { month: "short", day: "numeric" });
      case "month":
        return this.#date(time, zone, { month: "short", year: "numeric" });
    }
  }

  /** The instant of a bucket in full, as a tooltip's heading. */
  bucketInFull(time: string, interval: Interval, zone: string): string {
    switch (interval) {
      case "minute":
      case "hour":
        return this.#date(time, zone, {
          weekday: "short",
          day: "numeric",
          month: "short",
          hour: "2-digit",
          minute: "2-digit",
        });
      case "day":
        return this.#date(time, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
      case "week":
        return `Week of ${this.#date(time, zone, { day: "numeric", month: "short", year: "numeric" })}`;
      case "month":
        return this.#date(time, zone, { month: "long", year: "numeric" });
    }
  }

  day(time: string, zone: string): string {
    return this.#date(time, zone, { day: "numeric", month: "short", year: "numeric" });
  }

  /** True when the bucket begins a day in the zone. */
  startsDay(time: string, zone: string): boolean {
    const hour = this.#dateParts(time, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return hour === "00:00";
  }

  #dateParts(time: string, zone: string, options: Intl.DateTimeFormatOptions): string {
    return dateFormat("en-GB", zone, options).format(new Date(time));
  }

  #date(time: string, zone: string, options: Intl.DateTimeFormatOptions): string {
    const instant = new Date(time);
    return Number.isNaN(instant.getTime()) ? time : dateFormat(this.locale, zone, options).format(instant);
  }
}

/** Formatters are slow to make and asked for again with every bucket. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(
  locale: string | undefined,
  zone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, zone, options]);
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...options, timeZone: knownZone(zone) });
    dateFormats.set(key, format);
  }
  return format;
}

const durationFormats = new Map<string, Intl.NumberFormat>();

function durationFormat(locale: string | undefined, unit: string): Intl.NumberFormat {
  const key = `${locale} ${unit}`;
  let format = durationFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: 1,
    });
    durationFormats.set(key, format);
  }
  return format;
}

/** A zone that the browser knows; UTC for one that it does not. */
export function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

/** A name from the API for people: `$other` is "Other", `$none` and the empty string are "(none)". */
export function displayName(value: string | number | boolean | null): string {
  if (value === null || value === "$none" || value === "") return "(none)";
  if (value === "$other") return "Other";
  return String(value);
}

/** A measure or column name as a label: `page_views` is "Page views". */
export function label(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
