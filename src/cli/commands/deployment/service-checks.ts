// Who may ask the server, and over what: identity, transport, cors. Implements spec/service.md section 16.
// Judged is the server that runs; where none does, what the variables would have one do.

import type { Problem } from "../../../base/index.js";
import { isAlive } from "../../../daemon/index.js";
import { isLoopback } from "../../../server/index.js";
import { readNote, stateDir } from "../../../store/index.js";
import { problemOf, type Terminal } from "../../terminal.js";
import { readServeSettings } from "../serve/settings.js";
import { checked, type Found, type ProductionCheck } from "./check.js";
import { type Identity, identityHere } from "./identity.js";

interface Door {
  readonly host: string;
  readonly behindProxy: boolean;
  readonly origins: readonly string[];
  /** `the server at URL`, or `a server`. */
  readonly name: string;
}

export async function serviceChecks(terminal: Terminal): Promise<readonly ProductionCheck[]> {
  const identity = await identityHere(terminal.env).catch((thrown: unknown) => problemOf(thrown));
  return [
    checked("identity", "run `cavra token create`", () => ("code" in identity ? identity : identityFound(identity))),
    checked("transport", SERVE_LOCAL, () => withDoor(terminal, transportFound)),
    checked("cors", "mend `--allow-origin` or CAVRA_SERVE_ORIGINS", () => withDoor(terminal, corsFound)),
  ];
}

const SERVE_LOCAL = "run `cavra serve` without `--host`, or put TLS in front and say `--behind-proxy`";

function identityFound({ tokens, issuers }: Identity): Found {
  if (tokens + issuers === 0) return { code: "identity_missing", message: "whoever reaches the server may ask for decisions and read" };
  return `${tokens} tokens, ${issuers} issuers`;
}

function withDoor(terminal: Terminal, judge: (door: Door) => Found): Found {
  const door = doorHere(terminal);
  return "code" in door ? door : judge(door);
}

function doorHere(terminal: Terminal): Door | Problem {
  const serving = readNote(stateDir(terminal.env), "serving");
  if (serving !== null && isAlive(serving)) {
    const { host, behind_proxy, origins, url } = serving;
    return { host, behindProxy: behind_proxy, origins, name: `the server at ${url}` };
  }
  const settings = readServeSettings({}, terminal);
  if (!settings.ok) return settings.problem;
  const { host, more } = settings.value;
  return { host, behindProxy: more.isBehindProxy, origins: more.origins, name: "a server" };
}

function transportFound({ host, behindProxy, name }: Door): Found {
  if (isLoopback(host)) return `${name} listens on loopback only (${host})`;
  if (behindProxy) return `${name} has TLS in front, as \`--behind-proxy\` says`;
  return { code: "tls_missing", message: `${name} would answer on ${host} without TLS` };
}

function corsFound({ origins, name }: Door): Found {
  const open = origins.find((origin) => !origin.startsWith("https://") && !isLoopback(hostOf(origin)));
  if (open !== undefined)
    return { code: "cors_cleartext", message: `pages of \`${open}\` may ask ${name}, and anybody on the way can write such a page` };
  return origins.length === 0 ? "no page of another origin may ask" : `pages of ${origins.join(", ")} may ask`;
}

function hostOf(origin: string): string {
  const { hostname } = new URL(origin);
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
