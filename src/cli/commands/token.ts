// `cavra token`: who may ask the server, and for what. Options, help and what is shown. Implements spec/service.md 4.3 and spec/cli.md section 23.

import type { Command } from "commander";
import { ok } from "../../base/index.js";
import { type KeptToken, ROLE_NAMES } from "../../identity/index.js";
import { SYSTEM_CLOCK } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { report, type Terminal } from "../terminal.js";
import { type CreateTokenOptions, createToken, revokeToken } from "./token/change.js";
import { withTokens } from "./token/here.js";

type Ends = (status: ExitStatus) => void;
interface Json {
  readonly json?: boolean;
  readonly databaseUrl?: string;
}

const DATABASE = "the database that the servers share (CAVRA_DATABASE_URL)";

export function tokenCommands(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("create")
    .description("make a token and show it once; for people")
    .option("--name <name>", "what records call who uses it: `token:NAME`")
    .option("--role <role...>", ROLE_NAMES.join(", "))
    .option("--scope <scope...>", "single scopes, such as `decisions:ask`")
    .option("--workspace <name...>", "the repositories that it is for, named as records name them, or globs (default: all)")
    .option("--agent <name>", "it speaks for this agent only")
    .option("--expires <length>", "from `1m` to `365d` (default: 90d)")
    .option("--reason <text>", "why; it is recorded")
    .option("--database-url <url>", DATABASE)
    .option("--json", "print JSON")
    .action(async (options: CreateTokenOptions & Json) => ends(await tellCreated(terminal, options)));
  group
    .command("list")
    .description("the tokens that are kept, and what each is for; never the tokens themselves")
    .option("--database-url <url>", DATABASE)
    .option("--json", "print JSON")
    .action(async (options: Json) => ends(await tellList(terminal, options)));
  group
    .command("revoke")
    .argument("<token_id>", "see `cavra token list`")
    .description("end a token with the next request of every server")
    .option("--reason <text>", "why; it is recorded")
    .option("--database-url <url>", DATABASE)
    .option("--json", "print JSON")
    .action(async (tokenId: string, options: Json & { reason?: string }) => ends(await tellRevoked(terminal, tokenId, options)));
}

async function tellCreated(terminal: Terminal, options: CreateTokenOptions & Json): Promise<ExitStatus> {
  const made = await createToken(terminal, options);
  if (!made.ok) return report(terminal, made.problem, options.json === true);
  const { token, kept } = made.value;
  if (options.json) terminal.print(`${JSON.stringify({ token, ...shown(kept) })}\n`);
  else {
    terminal.complain(`${kept.token_id} of ${kept.name}, until ${kept.ends_at}; this is shown once, and kept nowhere:\n`);
    terminal.print(`${token}\n`);
  }
  return EXIT.done;
}

async function tellList(terminal: Terminal, { json, databaseUrl }: Json): Promise<ExitStatus> {
  const listed = await withTokens(terminal, databaseUrl, async (store) => ok(await store.list()));
  if (!listed.ok) return report(terminal, listed.problem, json === true);
  const tokens = listed.value;
  const nowMs = SYSTEM_CLOCK.nowMs();
  if (json) terminal.print(`${JSON.stringify({ tokens: tokens.map(shown) })}\n`);
  else
    terminal.print(
      tokens.length === 0 ? "no token is kept: `cavra token create` makes one\n" : tokens.map((one) => row(one, nowMs, terminal)).join(""),
    );
  return EXIT.done;
}

async function tellRevoked(
  terminal: Terminal,
  tokenId: string,
  { json, reason, databaseUrl }: Json & { reason?: string },
): Promise<ExitStatus> {
  const done = await revokeToken(terminal, tokenId, reason ?? "", databaseUrl);
  if (!done.ok) return report(terminal, done.problem, json === true);
  const { record_id, revoked_at } = done.value;
  terminal.print(
    json ? `${JSON.stringify({ token_id: tokenId, revoked_at, record_id })}\n` : `revoked ${tokenId} at ${revoked_at} (${record_id})\n`,
  );
  return EXIT.done;
}

/** All but the digest. */
function shown({ digest: _digest, ...rest }: KeptToken): Omit<KeptToken, "digest"> {
  return rest;
}

function row({ token_id, name, scopes, workspaces, agent, ends_at, revoked }: KeptToken, nowMs: number, { colours }: Terminal): string {
  const { dim, green, red, yellow } = colours;
  const hasEnded = Date.parse(ends_at) <= nowMs;
  const state = revoked !== null ? red("revoked") : hasEnded ? yellow("ended  ") : green("valid  ");
  const of = agent === "" ? "" : `, for ${oneLine(agent, 60)} only`;
  const end = revoked !== null ? `revoked at ${revoked.revoked_at}: ${oneLine(revoked.reason, 80)}` : `until ${ends_at}`;
  return [
    `${token_id}  ${state}  ${oneLine(name, 64)}  ${dim(`${end}${of}`)}\n`,
    `  ${dim("scopes")}      ${scopes.join(" ")}\n`,
    `  ${dim("workspaces")}  ${workspaces.map((one) => oneLine(one, 200)).join(" ")}\n`,
  ].join("");
}
