import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { until } from "./until";

const LAUNCHER = resolve(import.meta.dirname, "../../../tidemark");

interface Facts {
  readonly url: string;
  readonly pid: number;
  readonly write_key: string;
  readonly secret_key: string;
  readonly operator_key: string;
}

/** A Tidemark server that a test starts, kills and starts again on the same data and port. Empty at first. */
export class OwnServer {
  #process: ChildProcess | null = null;
  #facts: Facts | null = null;
  #said = "";
  readonly #endWithUs = () => this.#signal("SIGKILL");

  private constructor(private readonly data: string) {
    process.on("exit", this.#endWithUs);
  }

  static async start(): Promise<OwnServer> {
    const server = new OwnServer(await mkdtemp(join(tmpdir(), "tidemark-browser-test-")));
    await server.#run(0);
    return server;
  }

  get url(): string {
    return this.#known.url;
  }

  get writeKey(): string {
    return this.#known.write_key;
  }

  get secretKey(): string {
    return this.#known.secret_key;
  }

  /** Kills the server and its engine as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
    await rm(this.#factsFile, { force: true });
  }

  /** Starts it again where it was. */
  async restart(): Promise<void> {
    await this.#run(Number(new URL(this.url).port));
  }

  async close(): Promise<void> {
    await this.#end("SIGKILL");
    process.off("exit", this.#endWithUs);
    await rm(this.data, { recursive: true, force: true });
  }

  /** What only who may read the data directory has. */
  get operatorKey(): string {
    return this.#known.operator_key;
  }

  /** A JSON answer to a request with the secret key, or another. */
  async ask<T>(path: string, body?: unknown, key = this.secretKey): Promise<T> {
    const response = await fetch(this.url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** All that it has logged so far, in files and on its outputs. */
  async logged(): Promise<string> {
    const folder = join(this.data, "logs");
    const files = existsSync(folder) ? await readdir(folder) : [];
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "latin1")));
    return [this.#said, ...texts].join("\n");
  }

  /** Sends one event and returns once it is acknowledged. */
  async send(event: { readonly event_type: string; readonly [name: string]: unknown }): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/events`, {
      method: "POST",
      headers: { Authorization: `Bearer ${this.writeKey}`, "Content-Type": "application/json" },
      body: JSON.stringify(event),
    });
    if (response.status !== 202) throw new Error(`an event was answered with ${response.status}`);
  }

  get #known(): Facts {
    if (!this.#facts) throw new Error("the server has not been started");
    return this.#facts;
  }

  get #factsFile(): string {
    return join(this.data, "run/server.json");
  }

  async #run(port: number): Promise<void> {
    // A process group of its own, in which the engine is too.
    const process = spawn(LAUNCHER, ["up", "--no-demo", "--port", String(port), "--data", this.data], {
      env: environment(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [process.stdout, process.stderr]) {
      stream.on("data", (text: Buffer) => {
        this.#said = (this.#said + String(text)).slice(-4000);
      });
    }
    this.#process = process;
    await until("the server is ready", 180_000, async () => {
      if (process.exitCode !== null || process.signalCode !== null) {
        throw new Error(`the server did not start: ${this.#said}`);
      }
      if (!existsSync(this.#factsFile)) return false;
      this.#facts = JSON.parse(await readFile(this.#factsFile, "utf8")) as Facts;
      return (await fetch(`${this.url}/health/ready`).catch(() => null))?.ok ?? false;
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const process = this.#process;
    if (!process) return;
    const over =
      process.exitCode === null && process.signalCode === null
        ? new Promise<void>((done) => process.once("exit", () => done()))
        : Promise.resolve();
    this.#signal(signal);
    await over;
    await until("nothing of the server is left", 30_000, () => !this.#signal(0));
    this.#process = null;
  }

  /** Sends a signal to the server and all that it started; false when nothing of that is there any more. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    const pid = this.#process?.pid;
    if (pid === undefined) return false;
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  }
}

/** The environment without what the tests are told: another server's key is no setting, and pages built here are not for tests. */
function environment(): NodeJS.ProcessEnv {
  const all = Object.entries(process.env);
  return Object.fromEntries(all.filter(([name]) => name !== "NODE_ENV" && !name.startsWith("TIDEMARK_")));
}
