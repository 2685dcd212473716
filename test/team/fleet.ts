// Two servers of the built program over one PostgreSQL, to be killed and started again: for the campaign of two-servers.ts.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { formatTime, makeId } from "../../src/base/index.js";
import { scopesOf, secretDigest, tokenText } from "../../src/identity/index.js";
import {
  foundTrust,
  keysFolder,
  ledgerOrigin,
  newKey,
  openTokens,
  readDatabaseIdentity,
  SYSTEM_CLOCK,
  writePin,
} from "../../src/store/index.js";
import type { Cluster } from "./cluster.js";
import type { Servers } from "./two-servers.js";

export interface Fleet extends Servers {
  readonly token: string;
  readonly urlOf: (which: number) => string;
  readonly stop: () => Promise<void>;
}

interface One {
  readonly state: string;
  readonly config: string;
  child: ChildProcess | null;
  port: number;
}

const SECRET = new Uint8Array(32).fill(7);
const TOKEN_ID = makeId("tok", Date.UTC(2026, 10, 1), new Uint8Array(10));

/** `program`: the built `cavra.cjs`. One of the two has the ledger's key. */
export async function startFleet(cluster: Cluster, program: string): Promise<Fleet> {
  const root = mkdtempSync(join(tmpdir(), "cavra-fleet-"));
  const folder = join(root, "shop");
  mkdirSync(join(folder, ".git/refs/heads"), { recursive: true });
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  const databaseUrl = await cluster.newDatabase();
  const servers: readonly One[] = [0, 1].map((n) => ({ state: join(root, `s${n}`), config: join(root, `c${n}`), child: null, port: 0 }));
  const of = (which: number): One => servers[which] ?? never();
  const start = async (which: number): Promise<void> => {
    const one = of(which);
    const env = {
      PATH: process.env.PATH,
      HOME: root,
      CAVRA_STATE_DIR: one.state,
      CAVRA_CONFIG_DIR: one.config,
      CAVRA_DATABASE_URL: databaseUrl,
    };
    const child = spawn(process.execPath, [program, "serve", "--port", "0", "--json", "--rate-limit", "0"], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const line = await new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", () => resolve("{}"));
    });
    const said = JSON.parse(line);
    if (said.state !== "started") throw new Error(`a server did not start: ${line}`);
    one.child = child;
    one.port = Number(new URL(said.url).port);
  };
  const end = (which: number, signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      const { child } = of(which);
      of(which).child = null;
      if (child === null || child.exitCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.kill(signal);
    });
  const agent = new Agent({ keepAlive: false });
  const post: Servers["post"] = (which, path, type, body) =>
    new Promise((resolve) => {
      const headers = {
        authorization: `Bearer ${tokenText(TOKEN_ID, SECRET)}`,
        ...(body.length === 0 ? {} : { "content-type": type, "content-length": body.length }),
      };
      const options = { host: "127.0.0.1", port: of(which).port, path, method: body.length === 0 ? "GET" : "POST", headers, agent };
      const asking = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => resolve({ status: 0, value: {} }));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, value: JSON.parse(Buffer.concat(chunks).toString()) }));
      });
      asking.on("error", () => resolve({ status: 0, value: {} }));
      asking.end(body);
    });
  await start(0);
  await start(1);
  await Promise.all(servers.map(({ state }) => keepToken(state)));
  makeKeys(of(0));
  return {
    token: tokenText(TOKEN_ID, SECRET),
    urlOf: (which) => `http://127.0.0.1:${of(which).port}`,
    start,
    kill: (which) => end(which, "SIGKILL"),
    killDatabase: cluster.kill,
    startDatabase: cluster.start,
    post,
    databaseUrl,
    folder,
    stop: async () => {
      await Promise.all([end(0, "SIGTERM"), end(1, "SIGTERM")]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function keepToken(state: string): Promise<void> {
  const nowMs = SYSTEM_CLOCK.nowMs();
  await openTokens(state, SYSTEM_CLOCK).add({
    token_id: TOKEN_ID,
    name: "campaign",
    digest: secretDigest(SECRET),
    scopes: scopesOf(["owner"], []),
    workspaces: ["*"],
    agent: "",
    made_at: formatTime(nowMs),
    ends_at: formatTime(nowMs + 86_400_000),
    revoked: null,
  });
}

function makeKeys({ state, config }: One): void {
  const origin = ledgerOrigin(readDatabaseIdentity(state)?.ledgerId ?? "");
  const [root, key] = [newKey("root"), newKey("ledger")];
  for (const one of [root, key]) one.keep(keysFolder(state), "", SYSTEM_CLOCK);
  const founded = foundTrust(state, origin, root, [{ role: "ledger", key, name: "ledger" }], SYSTEM_CLOCK);
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(config, root.keyId, SYSTEM_CLOCK);
}

function never(): never {
  throw new Error("there are two servers");
}
