// What `cavra status` says of the running authority. Implements spec/backend.md 8.6. It looks, and never waits longer than a hook would.

import type { JsonObject, JsonValue } from "../base/index.js";
import { daemonPlaces, isAlive, readAbout } from "../daemon/index.js";
import { stateDir } from "../store/index.js";
import { ask } from "./commands/authority.js";
import { count } from "./count.js";
import { oneLine } from "./one-line.js";
import { saySecondEngine } from "./second-engine.js";
import type { Terminal } from "./terminal.js";

export interface AuthorityStatus {
  /** `not_answering`: its process runs, and hooks decide by themselves. */
  readonly state: "running" | "not_answering";
  readonly pid: number;
  readonly started_at: string;
  /** What it says of itself; null where it does not answer. */
  readonly says: JsonObject | null;
}

/** Null where none runs. Never throws: a status tells of everything else too. */
export async function lookAtAuthority(terminal: Terminal): Promise<AuthorityStatus | null> {
  try {
    const about = readAbout(daemonPlaces(stateDir(terminal.env)).about);
    const asked = await ask(terminal, { kind: "status" });
    if (asked.ok && asked.reply.kind === "status")
      return { state: "running", pid: asked.hello.pid, started_at: about?.started_at ?? "", says: asked.reply.status };
    if (about === null || !isAlive(about)) return null;
    return { state: "not_answering", pid: about.pid, started_at: about.started_at, says: null };
  } catch {
    return null;
  }
}

export function authorityLines({ state, pid, started_at, says }: AuthorityStatus, terminal: Terminal): readonly string[] {
  const { dim, yellow } = terminal.colours;
  const head = `  ${dim("authority")}  `;
  if (state === "not_answering")
    return [`${head}${yellow(`process ${pid} does not answer: hooks decide by themselves; \`cavra down\` ends it`)}`];
  const lines = [
    `${head}process ${pid} since ${started_at}, ${count(numberOf(says?.calls), "call")}, ${saySecondEngine(String(says?.mode ?? "disabled"))}`,
  ];
  const told = (title: string, counts: JsonValue | undefined) => {
    const parts = Object.entries(objectOf(counts)).map(([code, times]) => `${code} ${times}`);
    if (parts.length > 0) lines.push(`             ${dim(`${title}: ${parts.join(", ")}`)}`);
  };
  for (const worker of Array.isArray(says?.workers) ? says.workers.map(objectOf) : []) {
    const away = worker.worker === "running" ? `process ${worker.pid}` : `${worker.worker}`;
    lines.push(`             ${dim(`worker ${away}, ${worker.answered} answered, circuit ${worker.breaker}`)}`);
  }
  const promotion = says?.promotion === undefined || says.promotion === null ? null : objectOf(says.promotion);
  if (promotion !== null) lines.push(...promotionLines(promotion, terminal));
  const { running, waiting, failed } = objectOf(says?.campaigns);
  if (running === true) lines.push(`             ${dim("a first campaign compares both engines by a new policy")}`);
  else if (numberOf(waiting) > 0 && numberOf(failed) > 0)
    lines.push(`             ${yellow("a first campaign did not come to its end: `cavra runtime go-parity first` says why")}`);
  const unheard = numberOf(says?.unheard);
  if (unheard > 0) lines.push(`             ${dim(`${count(unheard, "answer")} came too late for the caller`)}`);
  told("fell back", says?.fallbacks);
  told("refused", says?.refused);
  if (says?.shadow_problem)
    lines.push(`             ${yellow(`the shadow log cannot be written: ${oneLine(String(says.shadow_problem), 200)}`)}`);
  return lines;
}

/** Does a hold stand, which lease holds until when, or why the gate is closed; and how much left alone. */
function promotionLines({ held, leases, alone, sampled, unrecorded }: JsonObject, { colours }: Terminal): readonly string[] {
  const [pad, { dim, yellow }] = [" ".repeat(13), colours];
  if (held === true) return [`${pad}${yellow("a hold stands: TypeScript answers; `cavra runtime go-hold list` says why")}`];
  const lines = (Array.isArray(leases) ? leases.map(objectOf) : []).map(({ lease_id, expires_at, gate }) =>
    lease_id === ""
      ? `${pad}${yellow(`no lease: ${oneLine(String(gate), 200)}`)}`
      : `${pad}${dim(`lease ${lease_id} until ${expires_at}, renewed at half its time`)}`,
  );
  if (lines.length === 0) lines.push(`${pad}${dim("no lease: the gate was not asked yet")}`);
  if (numberOf(alone) > 0) lines.push(`${pad}${dim(`${count(numberOf(alone), "answer")} left alone, ${numberOf(sampled)} judged again`)}`);
  if (numberOf(unrecorded) > 0) lines.push(`${pad}${yellow(`${count(numberOf(unrecorded), "event")} of promotion could not be recorded`)}`);
  return lines;
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
