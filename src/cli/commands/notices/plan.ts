// `cavra runtime go-rollback-drill-notification-plan` and `…-escalation-plan`: who would be told now, and with `deliver` telling them.
// Implements spec/notices.md sections 4, 6.4 and 7. The bare command keeps and changes nothing.

import { VERSION } from "../../../authority/index.js";
import { formatTime, type Problem } from "../../../base/index.js";
import { type Delivered, type DeliverGiven, deliverWaiting } from "../../../notify/index.js";
import {
  EMPTY_MEMORY,
  type Memory,
  type PlanDocument,
  type PlanKind,
  type Planned,
  planDocument,
  planEscalations,
  planNotices,
} from "../../../promotion/index.js";
import {
  keepPlan,
  lookMemory,
  newId,
  openNotices,
  PLAN_PREFIX,
  readNotices,
  redactionKey,
  SYSTEM_CLOCK,
  stateDir,
} from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { parseLength } from "../../span-of-time.js";
import { report, type Terminal } from "../../terminal.js";
import { ackCounter, type DrillInputs, type NoticeOptions, readInputs } from "./inputs.js";

export interface ToldPlan extends PlanDocument {
  readonly status: "ready" | "not_configured" | "needs_attention";
  readonly problems: readonly Problem[];
  /** Null for a report. */
  readonly delivered: Delivered | null;
}

/** What would be planned now, shown. */
export function showPlan(terminal: Terminal, kind: PlanKind, options: NoticeOptions): ExitStatus {
  return told(terminal, planNow(terminal, kind, options), options.json === true);
}

/** Keeps and sends nothing. */
export function planNow(terminal: Terminal, kind: PlanKind, options: NoticeOptions): ToldPlan {
  const inputs = readInputs(terminal, options);
  const store = readNotices(stateDir(terminal.env));
  const plan = planner(kind, inputs);
  const planned = store === null ? plan(EMPTY_MEMORY) : lookMemory(store, ackCounter(terminal, inputs.nowMs), plan);
  store?.close();
  return aboutPlan(inputs, kind, "", planned, null);
}

export interface DeliverOptions extends NoticeOptions {
  /** How long retries are waited for. */
  readonly wait?: string;
}

const WAIT = "1m";

/** Plans, keeps, delivers: also what an earlier call could not. */
export async function deliverPlan(terminal: Terminal, kind: PlanKind, options: DeliverOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const wait = parseLength(options.wait ?? WAIT);
  if (!wait.ok) return report(terminal, wait.problem, json);
  // With --json standard output holds one value and nothing else.
  const print = json ? terminal.complain : terminal.print;
  return told(terminal, await deliverNow(terminal, kind, options, { waitMs: wait.value, print }), json);
}

export async function deliverNow(
  terminal: Terminal,
  kind: PlanKind,
  options: NoticeOptions,
  { waitMs, print }: Pick<DeliverGiven, "waitMs" | "print">,
): Promise<ToldPlan> {
  const inputs = readInputs(terminal, options);
  const state = stateDir(terminal.env);
  const store = openNotices(state);
  try {
    const { id: planId } = newId(PLAN_PREFIX, SYSTEM_CLOCK);
    const head = { planId, nowMs: inputs.nowMs, kind, schedule: inputs.report.schedule_id };
    const kept = keepPlan(store, head, ackCounter(terminal, inputs.nowMs), planner(kind, inputs));
    const delivered = await deliverWaiting(store, {
      providers: inputs.routing.providers,
      clock: SYSTEM_CLOCK,
      redactionKey: redactionKey(state, SYSTEM_CLOCK),
      userAgent: `cavra/${VERSION}`,
      print,
      waitMs,
      sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    });
    return aboutPlan(inputs, kind, kept.planId, kept.planned, delivered);
  } finally {
    store.close();
  }
}

function planner(kind: PlanKind, { report: found, facts, routing, nowMs }: DrillInputs): (memory: Memory) => Planned {
  switch (kind) {
    case "notification":
      return (memory) => planNotices({ report: found, facts, routing, memory, nowMs });
    case "escalation":
      return (memory) => planEscalations({ routing, memory, nowMs });
  }
}

function aboutPlan(
  inputs: DrillInputs,
  kind: PlanKind,
  planId: string,
  { notices, problems }: Planned,
  delivered: Delivered | null,
): ToldPlan {
  const { nowMs, report: found } = inputs;
  const isConfigured = found.status !== "not_configured";
  // Without a schedule nobody misses the routes.
  const told = isConfigured ? problems : problems.filter(({ code }) => code !== "routes_missing");
  const failed = delivered !== null && delivered.failed > 0;
  const status = told.length > 0 || failed ? "needs_attention" : isConfigured ? "ready" : "not_configured";
  const document = planDocument({ planId, at: formatTime(nowMs), kind, schedule: found.schedule_id }, notices);
  return { ...document, status, problems: told, delivered };
}

function told(terminal: Terminal, plan: ToldPlan, json: boolean): ExitStatus {
  if (json) terminal.print(`${JSON.stringify(plan)}\n`);
  else {
    for (const problem of plan.problems) report(terminal, problem, false);
    terminal.print(`${[...plan.notices.map((notice) => line(terminal, notice)), summary(plan)].join("\n")}\n`);
  }
  return plan.status === "needs_attention" ? EXIT.attention : EXIT.done;
}

function line(
  { colours }: Terminal,
  { action, alert_level, category, owner, provider, route_id, cause, until, summary: text }: PlanDocument["notices"][number],
) {
  const paint = alert_level === "critical" ? colours.red : alert_level === "warning" ? colours.yellow : colours.dim;
  const why = cause === "" ? "" : ` (${cause}${until === "" ? "" : ` until ${until}`})`;
  return `${action.padEnd(12)} ${paint(category)} to ${owner} by ${provider} on ${route_id}${why}: ${oneLine(text, 200)}`;
}

function summary({ notices, plan_id, delivered, status, kind }: ToldPlan): string {
  if (status === "not_configured" && notices.length === 0) return "there is no drill schedule, and nothing else to tell";
  const count = notices.length === 0 ? "nothing is to be told" : `${notices.length} ${notices.length === 1 ? "notice" : "notices"}`;
  const what = kind === "escalation" && notices.length === 0 ? "nobody is waited for" : count;
  if (delivered === null) return `${what} now`;
  const left = delivered.left > 0 ? `, ${delivered.left} to be tried again by the next \`deliver\`` : "";
  return `${plan_id === "" ? what : `${what} in ${plan_id}`}: ${delivered.sent} sent, ${delivered.failed} failed${left}`;
}
