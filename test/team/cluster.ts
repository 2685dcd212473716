// A PostgreSQL of our own in a temporary folder: a Unix socket and nothing else, stopped by its process id. Without PostgreSQL's programs there is none.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

export interface Cluster {
  /** Of PostgreSQL, such as 15. */
  readonly version: number;
  /** Of a database of this name; without one, of a new one. */
  readonly newDatabase: () => Promise<string>;
  readonly query: (url: string, text: string) => Promise<readonly Record<string, unknown>[]>;
  readonly dump: (url: string) => string;
  readonly start: () => Promise<void>;
  /** Ends it as a power cut would its processes. */
  readonly kill: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const LIB = "/usr/lib/postgresql";
const OLDEST = 15;
/** Looks at one that starts: a minute on a machine that has nothing else to do. */
const TRIES = 3_000;

/** The folder of its programs, of the newest version that is new enough; "" for none. */
export function programsFolder(): string {
  const versions = existsSync(LIB) ? readdirSync(LIB).map(Number) : [];
  const newest = Math.max(0, ...versions.filter((version) => version >= OLDEST && existsSync(join(LIB, String(version), "bin/initdb"))));
  if (newest > 0) return join(LIB, String(newest), "bin");
  try {
    const folder = execFileSync("pg_config", ["--bindir"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const version = Number(/\d+/.exec(execFileSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" }))?.[0]);
    return version >= OLDEST && existsSync(join(folder, "initdb")) ? folder : "";
  } catch {
    return "";
  }
}

/** initdb and postgres refuse root: they run as the account that PostgreSQL's package made, or as `nobody`. */
function account(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const line = lines.find((one) => one.startsWith("postgres:")) ?? lines.find((one) => one.startsWith("nobody:"));
  const [, , uid, gid] = (line ?? "").split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** `fsync: false` only where nothing is killed. */
export async function startCluster({ fsync = false }: { readonly fsync?: boolean } = {}): Promise<Cluster> {
  const programs = programsFolder();
  const folder = mkdtempSync(join(tmpdir(), "cavra-pg-"));
  const who = account();
  if (who !== null) chownSync(folder, who.uid, who.gid);
  // The socket's file says who may connect: whoever may enter the folder.
  chmodSync(folder, 0o711);
  const data = join(folder, "data");
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "cavra", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"], {
    ...who,
    cwd: folder,
    stdio: "ignore",
  });
  let child: ChildProcess | null = null;
  let databases = 0;
  const urlOf = (name: string) => `postgres://cavra@${encodeURIComponent(folder)}/${name}`;
  const query = async (url: string, text: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  const start = async () => {
    const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, `fsync=${fsync ? "on" : "off"}`, "max_connections=60"];
    const more = ["shared_buffers=16MB", "logging_collector=off", "autovacuum=off"];
    const args = ["-D", data, ...[...settings, ...more].flatMap((setting) => ["-c", setting])];
    const begin = () => spawn(join(programs, "postgres"), args, { ...who, cwd: folder, stdio: "ignore" });
    child = begin();
    for (let tries = 0; ; tries++) {
      try {
        await query(urlOf("postgres"), "SELECT 1");
        return;
      } catch (error) {
        if (tries > TRIES) throw error;
        // What a killed one left behind holds its memory until it has noticed.
        if (child.exitCode !== null) child = begin();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      const running = child;
      child = null;
      if (running === null || running.exitCode !== null) return resolve();
      running.on("exit", () => resolve());
      running.kill(signal);
    });
  await start();
  return {
    version: Number(/\d+/.exec(execFileSync(join(programs, "postgres"), ["--version"], { encoding: "utf8" }))?.[0]),
    newDatabase: async () => {
      databases += 1;
      await query(urlOf("postgres"), `CREATE DATABASE d${databases}`);
      return urlOf(`d${databases}`);
    },
    query,
    dump: (url) =>
      execFileSync(join(programs, "pg_dump"), ["--schema-only", "--no-owner", "--no-privileges", "--dbname", url], {
        ...who,
        cwd: folder,
        encoding: "utf8",
      }),
    start,
    kill: () => end("SIGKILL"),
    remove: async () => {
      await end("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
