// `cavra runtime go-rollback-drill-…`: schedule, notices, acknowledgements, escalation, history and trends. Flags and help. Implements spec/notices.md.
// The bare command is always a report and writes nothing; what acts is a sub-command.

import type { Command } from "commander";
import { BUCKETS, CATEGORIES, LEVELS, OUTCOMES, type PlanKind } from "../../../promotion/index.js";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { type AckOptions, acknowledge } from "./acknowledge.js";
import { type ExplainOptions, explainRoute } from "./explain.js";
import { type HistoryOptions, initRoutes, type RoutesInit, showHistory } from "./history.js";
import type { NoticeOptions } from "./inputs.js";
import { type DeliverOptions, deliverPlan, showPlan } from "./plan.js";
import { drillSchedule, initSchedule, type ScheduleInit } from "./schedule.js";
import { showTrends, type TrendsOptions } from "./trends.js";

type Ends = (status: ExitStatus) => void;

export function noticeCommands(group: Command, terminal: Terminal, ends: Ends): void {
  scheduleCommand(group.command("go-rollback-drill-schedule"), terminal, ends);
  planCommand(group.command("go-rollback-drill-notification-plan"), "notification", "who would be told about drills now", terminal, ends);
  ackCommand(group.command("go-rollback-drill-notification-ack"), terminal, ends);
  planCommand(
    group.command("go-rollback-drill-escalation-plan"),
    "escalation",
    "who would be told because nobody answered",
    terminal,
    ends,
  );
  routesCommand(group.command("go-rollback-drill-routes"), terminal, ends);
  group
    .command("go-rollback-drill-suppression-trends")
    .description("what was held back, over time, by name, and against the time before")
    .option("--from <time>", "from then on: `30d` back from now (the default), or a moment")
    .option("--to <time>", "until then (default: now)")
    .option("--bucket <size>", `${BUCKETS.join(", ")} (default: day); in UTC, weeks from Monday`)
    .option("--json", "print JSON")
    .action((options: TrendsOptions) => ends(showTrends(terminal, options)));
}

function withDrills(command: Command): Command {
  return command
    .option("--rollback-drill-schedule-path <file>", "the drill schedule (CAVRA_GO_ROLLBACK_DRILL_SCHEDULE)")
    .option("--rollback-drill-history-path <file>", "the drill history (CAVRA_GO_ROLLBACK_DRILL_HISTORY)")
    .option("--json", "print JSON");
}

function withRoutes(command: Command): Command {
  return withDrills(command).option("--routes-path <file>", "who is told, and through what (CAVRA_GO_ROLLBACK_DRILL_ROUTES)");
}

/** A sub-command's own flags, and those that were given before its name: the command above it knows some of the same. */
function given<T>(_options: T, command: Command): T {
  return command.optsWithGlobals() as T;
}

function scheduleCommand(command: Command, terminal: Terminal, ends: Ends): void {
  withDrills(command.description("is a rollback drill due? exit status 5 when it needs attention")).action((options: NoticeOptions) =>
    ends(drillSchedule(terminal, options)),
  );
  command
    .command("init")
    .description("write a schedule where there is none")
    .option("--schedule-id <name>", "its name (default: go-rollback-drills)")
    .option("--owner <name...>", "who owns the drills")
    .option("--interval-days <n>", "1 to 7 (default: 7)")
    .option("--due-soon-hours <n>", "so long before it is due (default: 24)")
    .option("--next-due <time>", "bring the next drill forward: `2026-11-30T17:00:00.000Z`")
    .action((options: ScheduleInit, own: Command) => ends(initSchedule(terminal, given(options, own))));
}

function planCommand(command: Command, kind: PlanKind, about: string, terminal: Terminal, ends: Ends): void {
  withRoutes(command.description(`${about}; nothing is kept or sent`)).action((options: NoticeOptions) =>
    ends(showPlan(terminal, kind, options)),
  );
  command
    .command("deliver")
    .description("plan, keep and deliver, and what waits from before too")
    .option("--wait <length>", "wait for another try of what does not get through (default: 1m)")
    .action(async (options: DeliverOptions, own: Command) => ends(await deliverPlan(terminal, kind, given(options, own))));
}

function ackCommand(command: Command, terminal: Terminal, ends: Ends): void {
  withRoutes(command)
    .argument("<plan_id>", "a plan, or the beginning of its id")
    .argument("<route_id>", "the route of it that you answer for")
    .description("say that you saw the notices of one route of one plan; for people")
    .option("--note <text>", "what you do about it")
    .option("--key-folder <folder>", "where your private key is (default: the state folder)")
    .option("--passphrase-file <file>", "a file whose first line opens it")
    .action((plan: string, route: string, options: AckOptions) => ends(acknowledge(terminal, plan, route, options)));
}

function routesCommand(command: Command, terminal: Terminal, ends: Ends): void {
  withRoutes(command.description("what became of every notice, the last first"))
    .option("--schedule <id>", "of this schedule")
    .option("--plan <id>", "of this plan, or the beginning of its id")
    .option("--provider <name>", "through this provider")
    .option("--owner <name>", "to this owner")
    .option("--route <id>", "on this route")
    .option("--action <outcome>", OUTCOMES.join(", "))
    .option("--category <category>", CATEGORIES.join(", "))
    .option("--cause <cause>", "maintenance_window, outside_hours, already_sent, provider_timeout, …")
    .option("--level <level>", LEVELS.join(", "))
    .option("--window <id>", "hidden by this maintenance window")
    .option("--from <time>", "from then on: `7d` back from now, or a moment")
    .option("--to <time>", "until then")
    .option("--limit <n>", "so many, 1 to 1000 (default: 50)")
    .option("--cursor <cursor>", "go on behind a page")
    .action((options: HistoryOptions) => ends(showHistory(terminal, options)));
  command
    .command("explain-route")
    .argument("[notice_id]", "a notice that was kept; else one to think of, by its options")
    .description("why a notice went where it went, or where one would go")
    .option("--category <category>", CATEGORIES.join(", "))
    .option("--level <level>", LEVELS.join(", "))
    .option("--schedule <id>", "its schedule (default: the one in force)")
    .option("--key <key>", "its thread, so that what was sent and held back before counts too")
    .option("--at <time>", "at this moment (default: now)")
    .action((id: string | undefined, options: ExplainOptions, own: Command) => ends(explainRoute(terminal, id, given(options, own))));
  command
    .command("init")
    .description("write routes to begin with, where there are none")
    .option("--owner <name>", "to whom everything goes")
    .option("--account <user>", "the owner's account, which may acknowledge at a terminal without a key")
    .option("--escalation-owner <name>", "to whom what is critical goes when nobody answers")
    .action((options: RoutesInit, own: Command) => ends(initRoutes(terminal, given(options, own))));
}
