import type { Wire } from "@tidemark/widgets/wire";
import type { Client } from "./client";

export interface PartHealth {
  readonly name: string;
  readonly ready: boolean;
  readonly note: string;
}

export interface Health {
  readonly ready: boolean;
  readonly parts: readonly PartHealth[];
}

export type Pipeline = Wire<"Pipeline">;

type HealthBody = Partial<Wire<"Health">>;

/** Whether the pipeline is ready, part by part. Needs no key; an answer of 503 is an answer. */
export async function readHealth(): Promise<Health> {
  try {
    const response = await fetch("/health/ready", { cache: "no-store", credentials: "omit" });
    const body = (await response.json().catch(() => ({}))) as HealthBody;
    const parts = Object.entries(body.parts ?? {}).map(([name, part]) => ({
      name,
      ready: part.status === "ready",
      note: part.reason ?? part.warning ?? (part.status === "ready" ? "ready" : "not ready"),
    }));
    return { ready: response.ok, parts };
  } catch {
    return { ready: false, parts: [{ name: "server", ready: false, note: "cannot be reached" }] };
  }
}

export function readPipeline(client: Client): Promise<Pipeline> {
  return client.get("/api/v1/pipeline");
}

/** One line of the metrics, as Prometheus reads them. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export async function readMetrics(client: Client): Promise<readonly Sample[]> {
  return samplesOf(await client.text("/metrics"));
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus. */
export function samplesOf(text: string): readonly Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = line.startsWith("#") ? [] : (LINE.exec(line) ?? []);
    if (name === undefined || value === undefined) return [];
    const read = [...labels.matchAll(LABEL)].map(([, key = "", word = ""]) => [key, word] as const);
    return [{ name, labels: Object.fromEntries(read), value: Number(value) }];
  });
}
