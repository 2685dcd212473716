// `cavra mcp list | check`: the registry of MCP servers, looked at. Implements spec/cli.md section 16 over spec/mcp-registry.md. Nothing is changed.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { readRegistryFile, registryFile } from "../../authority/index.js";
import type { Problem } from "../../base/index.js";
import type { McpRegistry, RegistryServer, RegistryState } from "../../policy/index.js";
import { count } from "../count.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { report, type Terminal } from "../terminal.js";

interface Options {
  readonly json?: boolean;
}

export function mcpCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  group
    .command("list")
    .description("the servers that this host's registry lists, and what is known of each")
    .option("--json", "print JSON")
    .action((options: Options) => ends(list(terminal, options)));
  group
    .command("check")
    .argument("[file]", "a registry (default: the host's)")
    .description("is this file a registry, and which is its digest; exit status 2 when not")
    .option("--json", "print JSON")
    .action((file: string | undefined, options: Options) => ends(check(terminal, file ?? "", options)));
}

function list(terminal: Terminal, { json }: Options): ExitStatus {
  const file = registryFile(terminal.env);
  if (!existsSync(file)) {
    terminal.print(
      json
        ? `${JSON.stringify({ file, digest: "", servers: [] })}\n`
        : `there is no MCP registry: the policy alone says how far servers are trusted\n  it would be \`${file}\`\n`,
    );
    return EXIT.done;
  }
  const read = readRegistryFile(file);
  if (!read.ok) return report(terminal, told(read.problem, file, IN_FORCE), json === true);
  const { digest, servers } = read.value;
  terminal.print(json ? `${JSON.stringify({ file, digest, servers })}\n` : render(read.value, terminal));
  return EXIT.done;
}

function render({ digest, servers }: McpRegistry, terminal: Terminal): string {
  return `${servers.map((server) => serverLine(server, terminal)).join("")}  ${terminal.colours.dim(`${count(servers.length, "server")}  ${digest}`)}\n`;
}

function serverLine({ name, transport, tier, state, owner, tools }: RegistryServer, { colours }: Terminal): string {
  const paint: Readonly<Record<RegistryState, (text: string) => string>> = {
    approved: colours.green,
    pending: colours.yellow,
    revoked: colours.red,
  };
  const of = (wanted: RegistryState) => tools.filter((tool) => tool.state === wanted).length;
  const parts = [
    `${of("approved")} of ${count(tools.length, "tool")} approved`,
    ...(of("revoked") > 0 ? [`${of("revoked")} revoked`] : []),
  ];
  return `${paint[state](state.padEnd(8))} ${colours.bold(oneLine(name, 60))}  ${tier}, ${transport}, ${parts.join(", ")}  ${colours.dim(oneLine(owner, 80))}\n`;
}

function check(terminal: Terminal, name: string, { json }: Options): ExitStatus {
  const file = name === "" ? registryFile(terminal.env) : resolve(terminal.cwd, name);
  if (!existsSync(file)) {
    const hint = name === "" ? "a registry of another place: `cavra mcp check FILE`" : "run `cavra mcp list` for the one in force";
    return report(terminal, { code: "registry_missing", message: `there is no file \`${file}\``, hint }, json === true);
  }
  const read = readRegistryFile(file);
  if (!read.ok) {
    if (json) terminal.print(`${JSON.stringify({ valid: false, problems: [read.problem] })}\n`);
    else report(terminal, told(read.problem, file, name === "" ? IN_FORCE : "its form stands in spec/mcp-registry.md section 1"), false);
    return EXIT.usage;
  }
  const { digest, servers } = read.value;
  const tools = servers.reduce((sum, server) => sum + server.tools.length, 0);
  terminal.print(
    json
      ? `${JSON.stringify({ valid: true, digest, servers: servers.length, tools })}\n`
      : `${terminal.colours.green("✓")} \`${file}\` holds: ${count(servers.length, "server")}, ${count(tools, "tool")}\n  ${digest}\n`,
  );
  return EXIT.done;
}

const IN_FORCE = "until it is mended every MCP call is denied; `cavra mcp check` tells when it holds";

/** With the file before the place in it. */
function told({ at, hint, ...problem }: Problem, file: string, otherwise: string): Problem {
  const place = at === undefined || at === "" ? file : `${file}:${at}`;
  return { ...problem, at: place, hint: hint ?? otherwise };
}
