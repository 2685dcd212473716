// `cavra runtime …`: the second engine, its flags and help. What each does stands in a file of its own. Implements spec/cli.md section 14.

import type { Command } from "commander";
import { ACTION_TYPES } from "../../../change/index.js";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { noticeCommands } from "../notices/index.js";
import { auditCommands } from "./audit-commands.js";
import { drillCommands } from "./drills/commands.js";
import { goEvaluate } from "./go-evaluate.js";
import { packageCommands } from "./go-package.js";
import { parityCommands } from "./go-parity.js";
import { type PilotOptions, pilotEvaluate } from "./pilot-evaluate.js";
import { pilotReadiness, type ReadinessOptions } from "./pilot-readiness.js";
import { promotionCommands } from "./promotion-commands.js";
import { withDocuments } from "./promotion-gate.js";
import { rollbackCommands } from "./rollback-commands.js";
import { withRuntime } from "./settings.js";

export function runtimeCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  withPolicy(
    withRuntime(group.command("go-pilot-readiness").description("is the second engine ready to be asked? opens all that it speaks of")),
  )
    .option("--no-campaign", "run no first campaign where there is none")
    .option("--json", "print JSON")
    .action(async (options: ReadinessOptions) => ends(await pilotReadiness(terminal, options)));
  const evaluate = group
    .command("go-pilot-evaluate")
    .argument("<action_type>", ACTION_TYPES.join(", "))
    .argument("<target>", "the command, path or address")
    .description("decide one action and record it, with the second engine asked beside");
  withPolicy(withDocuments(withRuntime(evaluate)))
    .option("--cwd <folder>", "working folder of the action (default: this one)")
    .option("--workspace <folder>", "workspace (default: the repository around the working folder)")
    .option("--agent <name>", "the agent that acts")
    .option("--session <id>", "the agent's session")
    .option(
      "--operation <name>",
      "write_file: write, edit or delete; network_request: the method; mcp_tool_call: digest of the tool's description",
    )
    .option("--arguments <json>", "mcp_tool_call: the tool's input")
    .option("--json", "print JSON")
    .option("--exit-zero", "exit with 0 whatever the verdict")
    .action(async (type: string, target: string, options: PilotOptions) => ends(await pilotEvaluate(terminal, type, target, options)));
  withPolicy(withRuntime(group.command("go-evaluate").description("ask the second engine alone, for comparing; nothing is recorded")))
    .option("--batch", "read JSON lines from standard input, write one judgement a line")
    .option("--json", "errors as JSON")
    .action(async (options: PilotOptions & { batch?: boolean }) => ends(await goEvaluate(terminal, options)));
  promotionCommands(group, terminal, ends);
  drillCommands(group, terminal, ends);
  auditCommands(group, terminal, ends);
  parityCommands(group.command("go-parity").description("compare both engines on generated actions, byte for byte"), terminal, ends);
  noticeCommands(group, terminal, ends);
  packageCommands(group, terminal, ends);
  rollbackCommands(group, terminal, ends);
}

function withPolicy(command: Command): Command {
  return command
    .option("--policy-pack <id>", "judge by this pack instead of the policy in force")
    .option("--policy <file>", "judge by this policy file instead")
    .option("--registry <file>", "judge by this MCP registry instead of the one in force");
}
