// The command tree: names, options and help. What a command does stands in commands/, one file each. Implements spec/cli.md.

import { Command, CommanderError, Option } from "commander";
import { VERSION } from "../authority/index.js";
import { ACTION_TYPES } from "../change/index.js";
import { agentCommands } from "./commands/agent.js";
import { approvalCommands } from "./commands/approval.js";
import { down, up } from "./commands/authority.js";
import { evaluateBatch } from "./commands/batch.js";
import { completion } from "./commands/completion.js";
import { demo } from "./commands/demo.js";
import { deploymentCommands } from "./commands/deployment.js";
import { evaluate, explainAction } from "./commands/evaluate.js";
import { evidenceCommands } from "./commands/evidence.js";
import { guardCommands } from "./commands/guard.js";
import { init } from "./commands/init.js";
import { keysCommands, trustCommands } from "./commands/keys.js";
import { mcpCommands } from "./commands/mcp.js";
import { opsCommands } from "./commands/ops.js";
import { policyCommands } from "./commands/policy/index.js";
import { runtimeCommands } from "./commands/runtime/index.js";
import { serveCommand } from "./commands/serve.js";
import { status } from "./commands/status.js";
import { tokenCommands } from "./commands/token.js";
import { why } from "./commands/why.js";
import { EXIT, type ExitStatus } from "./exit.js";
import { problemOf, report, type Terminal } from "./terminal.js";
import { wrongCall } from "./wrong-call.js";

/** Runs one command line; the answer is the exit status. Never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.done;
  const program = buildProgram(terminal, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return report(terminal, problemOf(thrown), argv.includes("--json"));
    if (thrown.exitCode === 0) return EXIT.done;
    // A command without its sub-command: its help was shown, and is the best answer.
    if (thrown.code === "commander.help") return EXIT.usage;
    return report(terminal, wrongCall(thrown, program, argv), argv.includes("--json"));
  }
}

export type Ends = (status: ExitStatus) => void;

export function buildProgram(terminal: Terminal, ends: Ends): Command {
  const program = new Command("cavra")
    .description(
      "The runtime authority for AI coding agents: who is acting, what will change, what policy applies, what evidence will prove it.",
    )
    .version(VERSION, "-V, --version")
    // Errors are told by wrongCall, in the one form that errors have.
    .configureOutput({ writeOut: terminal.print, writeErr: terminal.complain, outputError: () => {} })
    .exitOverride();
  addDecisions(program, terminal, ends);
  addSetUp(program, terminal, ends);
  serveCommand(program, terminal, ends);
  tokenCommands(program.command("token").description("who may ask the server, and for what"), terminal, ends);
  guardCommands(program, terminal, ends);
  policyCommands(program.command("policy").description("look at, check and compile policies"), terminal, ends);
  mcpCommands(program.command("mcp").description("what is known of MCP servers: the registry"), terminal, ends);
  evidenceCommands(program.command("evidence").description("look at and verify what was recorded"), terminal, ends);
  approvalCommands(program.command("approval").description("what waits for a person's answer, and the answers"), terminal, ends);
  keysCommands(program.command("keys").description("make, replace and call back the keys that sign the ledger"), terminal, ends);
  trustCommands(program.command("trust").description("whose keys these are, and whom this account believes"), terminal, ends);
  runtimeCommands(program.command("runtime").description("the second engine beside the authority: ready, asked, compared"), terminal, ends);
  deploymentCommands(program.command("deployment").description("is this installation fit for what it is used for"), terminal, ends);
  opsCommands(program.command("ops").description("look after an installation: back it up, restore it"), terminal, ends);
  agentCommands(program.command("agent").description("install, remove and check the hook of a coding agent"), terminal, ends);
  return program;
}

function addDecisions(program: Command, terminal: Terminal, ends: Ends): void {
  const withAction = (command: Command) =>
    command
      .option("--cwd <folder>", "working folder of the action (default: this one)")
      .option("--workspace <folder>", "workspace (default: the repository around the working folder)")
      .option("--agent <name>", "the agent that acts")
      .option("--session <id>", "the agent's session")
      .option(
        "--operation <name>",
        "write_file: write, edit or delete; network_request: the method; mcp_tool_call: digest of the tool's description",
      )
      .option("--arguments <json>", "mcp_tool_call: the tool's input")
      .option("--policy-pack <id>", "judge by this pack instead of the policy in force")
      .option("--policy <file>", "judge by this policy file instead")
      .option("--registry <file>", "judge by this MCP registry instead of the one in force")
      .option("--json", "print JSON")
      .option("--exit-zero", "exit with 0 whatever the verdict");
  withAction(
    program
      .command("evaluate")
      .argument("[action_type]", ACTION_TYPES.join(", "))
      .argument("[target]", "the command, path or address")
      .description("decide one action, or a batch of them, and record it"),
  )
    .option("--dry-run", "record nothing, and say so")
    .option("--batch", "read JSON lines from standard input, write one decision a line")
    .action((type: string | undefined, target: string | undefined, options) => {
      if (options.batch && type !== undefined) ends(report(terminal, BATCH_WITH_ACTION, options.json === true));
      else if (options.batch) ends(evaluateBatch(terminal, options));
      else if (type === undefined || target === undefined) ends(report(terminal, NO_ACTION, options.json === true));
      else ends(evaluate(terminal, type, target, options));
    });
  withAction(
    program
      .command("explain")
      .argument("<action_type>", ACTION_TYPES.join(", "))
      .argument("<target>", "the command, path or address")
      .description("show every effect, every rule that spoke, and what decided; nothing is recorded"),
  ).action((type: string, target: string, options) => ends(explainAction(terminal, type, target, options)));
  program
    .command("why")
    .argument("[decision_id]", "a decision, or the beginning of its id; without one, the last")
    .description("tell a person about a decision that was made")
    .option("--json", "print JSON")
    .action((id: string | undefined, options) => ends(why(terminal, id ?? "", options)));
  program
    .command("hook")
    .argument("<agent>", "claude-code")
    .description("answer one call of an agent's hook (standard input: the host's payload)")
    .action(() => ends(report(terminal, { code: "internal_error", message: "the hook has an entry of its own" }, false)));
}

const NO_ACTION = {
  code: "action_missing",
  message: "an action type and a target are needed",
  hint: 'usage: `cavra evaluate [options] ACTION_TYPE TARGET`, for example `cavra evaluate execute_command "git status"`',
};
const BATCH_WITH_ACTION = {
  code: "too_many_arguments",
  message: "`--batch` takes its actions from standard input, and there is one on the command line too",
  hint: "leave either out",
};

function addSetUp(program: Command, terminal: Terminal, ends: Ends): void {
  program
    .command("init")
    .description("make the host's state and policy, and a policy in this repository; overwrites nothing")
    .option("--policy-pack <id...>", "packs for the host's policy to stand on")
    .option("--json", "print JSON")
    .action((options) => ends(init(terminal, options)));
  program
    .command("status")
    .description("am I guarded here, by which policy, since when")
    .option("--json", "print JSON")
    .action(async (options) => ends(await status(terminal, options)));
  program
    .command("up")
    .description("keep one authority running for this account: hooks ask it, and decide by themselves where it does not answer")
    .option("--foreground", "stay, instead of starting it in the background")
    .addOption(new Option("--rehearsal", "answer under a rehearsal's lease, in its own scratch folders").hideHelp())
    .option("--json", "print JSON")
    .action(async (options) => ends(await up(terminal, options)));
  program
    .command("down")
    .description("end the running authority; hooks decide by themselves again")
    .option("--json", "print JSON")
    .action(async (options) => ends(await down(terminal, options)));
  program
    .command("demo")
    .description("play a session through the real hook, in a scratch repository")
    .addOption(new Option("--fast", "do not pause between the steps"))
    .action((options) => ends(demo(terminal, options)));
  program
    .command("completion")
    .argument("<shell>", "bash, zsh or fish")
    .description("print a completion script")
    .action((shell: string) => ends(completion(terminal, shell, program)));
  program
    .command("version")
    .description("print the version")
    .option("--json", "print JSON")
    .action((options) => {
      terminal.print(
        options.json ? `${JSON.stringify({ version: VERSION, node: process.version })}\n` : `cavra ${VERSION} (node ${process.version})\n`,
      );
      ends(EXIT.done);
    });
}
