// `cavra serve`: the running authority with a second door, HTTP. Implements spec/service.md sections 1 and 2 and spec/cli.md section 21.
// What the server asks of this installation stands in serve/service.ts; the server itself is a bundle that only this command loads.

import type { Command } from "commander";
import { formatTime } from "../../base/index.js";
import { identityOf, type Observe } from "../../daemon/index.js";
import { type Identity, isLoopback, type LogEntry, newMetrics, startServer } from "../../server/index.js";
import { removeNote, SYSTEM_CLOCK, stateDir, writeNote } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { report, type Terminal } from "../terminal.js";
import { beginHere } from "./authority.js";
import { identityOver, readIssuers } from "./serve/identity.js";
import { openServerLedger, type ServerLedger } from "./serve/ledger.js";
import { BUILD, hears } from "./serve/metrics.js";
import { serviceOver } from "./serve/service.js";
import { readServeSettings, type ServeOptions, type ServeSettings } from "./serve/settings.js";
import { tokensHere } from "./token/here.js";

export function serveCommand(program: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  program
    .command("serve")
    .description("answer HTTP, beside the socket that hooks ask: one authority with two doors")
    .option("--host <address>", "where it listens (CAVRA_SERVE_HOST; default 127.0.0.1)")
    .option("--port <n>", "0 takes any that is free (CAVRA_SERVE_PORT; default 8000)")
    .option("--database-url <url>", "PostgreSQL that several servers share (CAVRA_DATABASE_URL, which other accounts do not see)")
    .option("--allow-host <name...>", "other names that it goes by, with their port (CAVRA_SERVE_HOSTS, with commas)")
    .option("--allow-origin <origin...>", "origins whose pages may ask it (CAVRA_SERVE_ORIGINS, with commas)")
    .option("--behind-proxy", "something in front speaks TLS (CAVRA_SERVE_BEHIND_PROXY=1)")
    .option("--rate-limit <n>", "requests a second of one caller, 0 for no limit (CAVRA_SERVE_RATE_LIMIT; default 5000)")
    .option("--log-requests", "tell every request on standard error, not only those that broke")
    .option("--json", "print JSON")
    .action(async (options: ServeOptions) => ends(await serve(terminal, options)));
}

async function serve(terminal: Terminal, options: ServeOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const settings = readServeSettings(options, terminal);
  if (!settings.ok) return report(terminal, settings.problem, json);
  const issuers = readIssuers(terminal.env);
  if (!issuers.ok) return report(terminal, issuers.problem, json);
  const tokens = await tokensHere(terminal.env, settings.value.databaseUrl);
  try {
    return await serveFor(terminal, options, settings.value, identityOver(tokens, issuers.value));
  } finally {
    await tokens.close();
  }
}

async function serveFor(
  terminal: Terminal,
  options: ServeOptions,
  { host, port, more, rateLimit, databaseUrl }: ServeSettings,
  identity: Identity,
): Promise<ExitStatus> {
  const json = options.json === true;
  const isIdentified = await identity.isConfigured();
  const isOut = !isLoopback(host);
  if (!isIdentified && (isOut || more.isBehindProxy)) return report(terminal, NO_IDENTITY, json);
  if (isOut && !more.isBehindProxy) return report(terminal, NO_TLS, json);
  const metrics = newMetrics(BUILD);
  const served = await openServerLedger(databaseUrl, terminal);
  const begun = await beginWith(terminal, served, hears(metrics.decided));
  if (!begun.ok) return report(terminal, begun.problem, json);
  const running = begun.value;
  const log = (entry: LogEntry) => terminal.complain(`${JSON.stringify({ time: formatTime(SYSTEM_CLOCK.nowMs()), ...entry })}\n`);
  const service = serviceOver(running, served, identity, terminal);
  const started = await startServer({ service, host, port, more, rateLimit, log, logsRequests: options.logRequests === true, metrics });
  if (!started.ok) {
    running.stop();
    await running.ended;
    await served.ledger.close();
    return report(terminal, started.problem, json);
  }
  const { url, close } = started.value;
  const serving = { url, host, behind_proxy: more.isBehindProxy, origins: more.origins };
  writeNote(
    stateDir(terminal.env),
    "serving",
    { schema_version: "cavra.serving.v1", ...identityOf(process.pid), ...serving },
    SYSTEM_CLOCK,
  );
  running.addDoor(async () => {
    removeNote(stateDir(terminal.env), "serving");
    await close();
  });
  // A second signal finds nobody who waits for it, and ends the process.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, running.stop);
  const { pid, socket, started_at } = running;
  const told = json
    ? JSON.stringify({ state: "started", pid, started_at, url, socket })
    : `listening on ${url} and ${socket} (process ${pid})`;
  terminal.print(`${told}\n`);
  if (!json && !isIdentified) terminal.complain(`${UNKNOWN_CALLERS}\n`);
  await running.ended;
  await served.ledger.close();
  return EXIT.done;
}

/** What keeps the authority from starting leaves no connection open. */
async function beginWith(terminal: Terminal, { ledger, drain }: ServerLedger, observe: Observe): ReturnType<typeof beginHere> {
  let begun: Awaited<ReturnType<typeof beginHere>> | null = null;
  try {
    begun = await (drain === null ? beginHere(terminal, false, observe) : beginHere(terminal, false, observe, drain));
    return begun;
  } finally {
    if (begun?.ok !== true) await ledger.close();
  }
}

const NO_IDENTITY = {
  code: "identity_missing",
  message: "a server that knows nobody answers only on loopback",
  hint: "`cavra token create --name NAME --role ROLE` makes a token",
};
const NO_TLS = {
  code: "tls_missing",
  message: "this server speaks no TLS, and tokens would go over the network as they are",
  hint: "put something in front that does, and say so with `--behind-proxy`",
};
const UNKNOWN_CALLERS = "no identity is configured: every account of this machine may ask for decisions and read what is on record";
