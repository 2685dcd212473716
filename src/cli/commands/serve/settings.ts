// What `cavra serve` is told: each flag and its variable, the flag first. Implements spec/service.md 1.1.

import { bad, ok, type Result } from "../../../base/index.js";
import type { MoreAllowed } from "../../../server/index.js";
import { readDatabaseUrl } from "../../../team/index.js";
import type { Terminal } from "../../terminal.js";

export interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly behindProxy?: boolean;
  readonly rateLimit?: string;
  readonly databaseUrl?: string;
  readonly logRequests?: boolean;
  readonly json?: boolean;
}

export interface ServeSettings {
  readonly host: string;
  readonly port: number;
  readonly more: MoreAllowed;
  readonly rateLimit: number;
  /** "" for the embedded database. It may hold a password, and is never printed. */
  readonly databaseUrl: string;
}

const HOST = "127.0.0.1";
const PORT = "8000";
const RATE = "5000";
const HIGHEST_RATE = 1_000_000;
const HIGHEST_PORT = 65_535;
const HOST_CHARACTERS = 253;

/** Problems: `bad_host`, `bad_port`, `bad_origin`, `bad_rate`, `bad_switch`, `bad_database_url`. */
export function readServeSettings(options: ServeOptions, { env }: Pick<Terminal, "env">): Result<ServeSettings> {
  const host = options.host ?? (env.CAVRA_SERVE_HOST || HOST);
  if (!isName(host)) return bad("bad_host", `\`${host}\` is no address`, { hint: "such as `127.0.0.1` or `::1`" });
  const port = options.port ?? (env.CAVRA_SERVE_PORT || PORT);
  if (!/^(0|[1-9][0-9]{0,4})$/.test(port) || Number(port) > HIGHEST_PORT)
    return bad("bad_port", `\`${port}\` is no port`, { hint: `a whole number from 0 to ${HIGHEST_PORT}` });
  const hosts = options.allowHost ?? listOf(env.CAVRA_SERVE_HOSTS);
  const wrongHost = hosts.find((name) => !isName(name));
  if (wrongHost !== undefined) return bad("bad_host", `\`${wrongHost}\` is no name`, { hint: "such as `cavra.example.org:443`" });
  const origins = options.allowOrigin ?? listOf(env.CAVRA_SERVE_ORIGINS);
  const wrongOrigin = origins.find((origin) => !isOrigin(origin));
  if (wrongOrigin !== undefined)
    return bad("bad_origin", `\`${wrongOrigin}\` is no origin`, { hint: "such as `https://console.example.org`, without a path" });
  const rate = options.rateLimit ?? (env.CAVRA_SERVE_RATE_LIMIT || RATE);
  if (!/^(0|[1-9][0-9]{0,6})$/.test(rate) || Number(rate) > HIGHEST_RATE)
    return bad("bad_rate", `\`${rate}\` is no rate`, {
      hint: `a whole number of requests a second from 1 to ${HIGHEST_RATE}, or 0 for no limit`,
    });
  const proxied = env.CAVRA_SERVE_BEHIND_PROXY || "0";
  if (proxied !== "0" && proxied !== "1")
    return bad("bad_switch", `CAVRA_SERVE_BEHIND_PROXY is \`${proxied}\``, { hint: "1 where something stands in front, else 0" });
  const isBehindProxy = options.behindProxy ?? proxied === "1";
  const database = readDatabase(options.databaseUrl, { env });
  if (!database.ok) return database;
  return ok({ host, port: Number(port), more: { hosts, origins, isBehindProxy }, rateLimit: Number(rate), databaseUrl: database.value });
}

/** "" for none. Problem: `bad_database_url`. */
export function readDatabase(flag: string | undefined, { env }: Pick<Terminal, "env">): Result<string> {
  const url = flag ?? env.CAVRA_DATABASE_URL ?? "";
  return url === "" ? ok("") : readDatabaseUrl(url);
}

function listOf(variable: string | undefined): readonly string[] {
  return (variable ?? "").split(",").filter((name) => name !== "");
}

function isName(text: string): boolean {
  return text.length <= HOST_CHARACTERS && /^[A-Za-z0-9.:[\]_-]+$/.test(text);
}

/** `*` and `null` are none. */
function isOrigin(text: string): boolean {
  if (!/^https?:\/\//.test(text)) return false;
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}
