// `cavra evidence push --to URL`: this machine's journal to a server with a shared ledger, from where it stopped. Implements spec/cli.md 13.8.
// At least once: what was sent is remembered when the server has said that it is durable, and what is sent again is known there.

import { resolve } from "node:path";
import { bad, CavraError, type JsonObject, ok, parseJson, type Result } from "../../../base/index.js";
import { encodeFrame } from "../../../evidence/index.js";
import {
  consumable,
  type Drained,
  itemName,
  journalEntries,
  keepPushed,
  NOTHING_DRAINED,
  readNoFollow,
  readPushed,
  resumeFile,
  SYSTEM_CLOCK,
  stateDir,
} from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { openProgress } from "../../progress.js";
import { report, type Terminal } from "../../terminal.js";

export interface PushOptions {
  readonly to: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** One request: far below what a server takes. */
const PUSH_BYTES = 4_194_304;
const ANSWER_MS = 60_000;
const ANSWER_BYTES = 16_777_216;

interface Pushed {
  taken: number;
  known: number;
  readonly refused: JsonObject[];
}

export async function push(terminal: Terminal, options: PushOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const server = serverOf(options.to);
  if (!server.ok) return report(terminal, server.problem, json);
  const token = tokenOf(terminal, options.tokenFile);
  if (!token.ok) return report(terminal, token.problem, json);
  const done = await pushAll(terminal, server.value, token.value);
  if (!done.ok) return report(terminal, done.problem, json);
  const { taken, known, refused } = done.value;
  if (json) terminal.print(`${JSON.stringify({ server: server.value, taken, known, refused })}\n`);
  else {
    terminal.print(`pushed ${count(taken, "record")} to ${server.value}; ${known} were known there, ${refused.length} refused\n`);
    for (const { record_id, code } of refused.slice(0, 10)) terminal.print(`  ${record_id}: ${code}\n`);
  }
  return refused.length === 0 ? EXIT.done : EXIT.attention;
}

/** A token goes over TLS, or stays on this machine. */
function serverOf(text: string): Result<string> {
  try {
    const { protocol, hostname, origin, pathname, search } = new URL(text);
    const isHere = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
    if ((protocol === "https:" || (protocol === "http:" && isHere)) && pathname === "/" && search === "") return ok(origin);
  } catch {}
  return bad("bad_server", "that is no address of a server", { hint: "such as `https://cavra.example.org`; without TLS only on loopback" });
}

/** From a file that nobody else may read, or from CAVRA_TOKEN. */
function tokenOf({ env, cwd }: Terminal, file: string | undefined): Result<string> {
  if (file === undefined && env.CAVRA_TOKEN) return ok(env.CAVRA_TOKEN.trim());
  const missing = { hint: "`--token-file FILE` or CAVRA_TOKEN; `cavra token create --name NAME --role agent` makes one on the server" };
  const found = file === undefined ? null : readNoFollow(resolve(cwd, file));
  if (found === null) return bad("token_missing", "the server wants a token", missing);
  if (found.exposed) return bad("token_exposed", `others than this account may read \`${file}\``, { hint: `run \`chmod 600 ${file}\`` });
  const text = found.text.trim();
  return /^[\x21-\x7e]+$/.test(text) ? ok(text) : bad("token_missing", `\`${file}\` holds no token`, missing);
}

async function pushAll(terminal: Terminal, server: string, token: string): Promise<Result<Pushed>> {
  const stateFolder = stateDir(terminal.env);
  const positions = readPushed(stateFolder, server);
  const done: Pushed = { taken: 0, known: 0, refused: [] };
  const progress = openProgress(terminal, "pushing the journal: records");
  try {
    for (const name of journalEntries(stateFolder).files)
      for (;;) {
        const { frames, drained, isFull } = nextOf(stateFolder, name, positions.get(name) ?? NOTHING_DRAINED);
        if (drained === null) break;
        if (frames.length > 0) {
          const answer = await send(server, token, Buffer.concat(frames));
          if (!answer.ok) return answer;
          done.taken += Number(answer.value.taken);
          done.known += Number(answer.value.known);
          done.refused.push(...(answer.value.refused as JsonObject[]));
          progress.at(done.taken + done.known + done.refused.length, 0);
        }
        positions.set(name, drained);
        keepPushed(stateFolder, server, positions, SYSTEM_CLOCK);
        if (!isFull) break;
      }
    return ok(done);
  } finally {
    progress.end();
  }
}

interface Next {
  readonly frames: readonly Buffer[];
  /** Null where there is nothing new. */
  readonly drained: Drained | null;
  readonly isFull: boolean;
}

/** What stands behind the position, up to the size of a request; of a file that is another one, everything. Damage is this machine's, and stays here. */
function nextOf(stateFolder: string, name: string, known: Drained): Next {
  const resumed = resumeFile(stateFolder, name, known);
  const grown = resumed.kind === "broken" ? resumeFile(stateFolder, name, NOTHING_DRAINED) : resumed;
  const frames: Buffer[] = [];
  let drained: Drained | null = null;
  let bytes = 0;
  if (grown.kind !== "grown") return { frames, drained, isFull: false };
  for (const item of consumable(grown.items)) {
    if (item.kind === "record") frames.push(encodeFrame(item.text, item.digest));
    bytes += item.length;
    drained = { position: item.offset + item.length, lastOffset: item.offset, lastItem: itemName(item) };
    if (bytes >= PUSH_BYTES) return { frames, drained, isFull: true };
  }
  return { frames, drained, isFull: false };
}

/** Problems: `server_unreachable`, and the server's own. */
async function send(server: string, token: string, body: Buffer): Promise<Result<JsonObject>> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/vnd.cavra.journal" };
  const again = { hint: "run it again: it goes on where it stopped" };
  try {
    const options = {
      method: "POST",
      headers,
      body: new Uint8Array(body),
      redirect: "error" as const,
      signal: AbortSignal.timeout(ANSWER_MS),
    };
    const answer = await fetch(`${server}/v1/journals`, options);
    const read = parseJson(Buffer.from(await answer.arrayBuffer()), { sizeBytes: ANSWER_BYTES, depth: 16 });
    const value = (read.ok ? (read.value ?? {}) : {}) as JsonObject;
    if (answer.status === 200 && Array.isArray(value.refused)) return ok(value);
    const { code, detail } = value;
    if (typeof code === "string" && /^[a-z_]{1,64}$/.test(code)) return bad(code, `the server says: ${String(detail)}`, again);
    return bad("server_unreachable", `the server answered ${answer.status}, and nothing that can be read`, again);
  } catch (cause) {
    if (cause instanceof CavraError) throw cause;
    return bad("server_unreachable", "the server does not answer", again);
  }
}
