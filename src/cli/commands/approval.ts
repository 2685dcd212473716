// `cavra approval`: what waits for a person, and their answers. Options, help and lists. Implements spec/cli.md section 15.

import type { Command } from "commander";
import { ACTION_TYPES } from "../../change/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { report, type Terminal } from "../terminal.js";
import { type AnswerOptions, answerApproval, expireApproval } from "./approval/answer.js";
import { type CreateOptions, createApproval } from "./approval/create.js";
import { approvalLine, approvalNamed, approvalsHere, shownApproval, tellApproval } from "./approval/requests.js";
import { watchApprovals } from "./approval/watch.js";

type Ends = (status: ExitStatus) => void;
interface Json {
  readonly json?: boolean;
}

const REASON = "why; it is recorded";
const ID = "a request, or the beginning of its id";

export function approvalCommands(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("create")
    .argument("[action_type]", ACTION_TYPES.join(", "))
    .argument("[target]", "the command, path or address")
    .description("ask persons for one action that the policy asks about, or for documents")
    .option("--reason <text>", REASON)
    .option("--for <length>", "how long the request waits: from 15m to 7d (an action: 1d, documents: 7d)")
    .option("--document <kind=file...>", "ask for these files, byte for byte, instead of an action")
    .option("--cwd <folder>", "working folder of the action (default: this one)")
    .option("--workspace <folder>", "workspace (default: the repository around the working folder)")
    .option("--agent <name>", "the agent that acts")
    .option("--operation <name>", "write_file: write, edit or delete; network_request: the method")
    .option("--arguments <json>", "mcp_tool_call: the tool's input")
    .option("--json", "print JSON")
    .action((type: string | undefined, target: string | undefined, options: CreateOptions) =>
      ends(createApproval(terminal, type ?? "", target ?? "", options)),
    );
  group
    .command("list")
    .description("requests, the last asked first: what waits, what was answered, what was used")
    .option("--state <state>", "pending, approved, denied, expired or used")
    .option("--json", "print JSON")
    .action((options: Json & { state?: string }) => ends(list(terminal, options)));
  group
    .command("show")
    .argument("<approval_id>", ID)
    .description("one request: who asks for what, who must agree, who has")
    .option("--json", "print JSON")
    .action((id: string, options: Json) => ends(show(terminal, id, options)));
  withKey(group.command("watch").description("waiting requests live, each answered by one key; for people")).action(
    async (options: AnswerOptions) => ends(await watchApprovals(terminal, options)),
  );
  withKey(group.command("approve").argument("<approval_id>", ID).description("say yes, once, until an end; for people"))
    .option("--until <time>", "when the approval ends: `2h` or a moment, 7 days at most (default: with the request)")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((id: string, options: AnswerOptions) => ends(answerApproval(terminal, id, "approved", options)));
  withKey(group.command("deny").argument("<approval_id>", ID).description("say no; for people"))
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((id: string, options: AnswerOptions) => ends(answerApproval(terminal, id, "denied", options)));
  group
    .command("expire")
    .argument("<approval_id>", ID)
    .description("end a request, or an approval that was not used")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((id: string, options: Json & { reason?: string }) => ends(expireApproval(terminal, id, options)));
}

function withKey(command: Command): Command {
  return command
    .option("--key-folder <folder>", "where the approver's private key is (default: the state folder)")
    .option("--passphrase-file <file>", "a file whose first line opens it");
}

const STATES = ["pending", "approved", "denied", "expired", "used"];

function list(terminal: Terminal, { state, json }: Json & { readonly state?: string }): ExitStatus {
  if (state !== undefined && !STATES.includes(state)) {
    const problem = { code: "unknown_state", message: `there is no state \`${state}\``, hint: `use one of: ${STATES.join(", ")}` };
    return report(terminal, problem, json === true);
  }
  const { known, damaged } = approvalsHere(terminal);
  const shown = known.filter(({ now }) => state === undefined || now.state === state);
  if (json) {
    terminal.print(`${JSON.stringify({ approvals: shown.map(shownApproval), damaged })}\n`);
    return EXIT.done;
  }
  for (const one of shown) terminal.print(`${approvalLine(terminal, one)}\n`);
  if (shown.length === 0) terminal.print(state === undefined ? "nothing was asked for\n" : `nothing is ${state}\n`);
  for (const one of damaged) report(terminal, one.problem, false);
  return EXIT.done;
}

function show(terminal: Terminal, id: string, { json }: Json): ExitStatus {
  const known = approvalNamed(terminal, id);
  if (!known.ok) return report(terminal, known.problem, json === true);
  terminal.print(json ? `${JSON.stringify(shownApproval(known.value))}\n` : tellApproval(terminal, known.value));
  return EXIT.done;
}
