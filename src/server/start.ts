// Listens, and ends without leaving anybody unanswered. Implements spec/service.md section 2.

import type { AddressInfo } from "node:net";
import { ok, type Problem, type Result } from "../base/index.js";
import { buildApp, type LogEntry } from "./app.js";
import { type Allowed, allowedFor, bracketed, type MoreAllowed } from "./head.js";
import { LIMITS, type Limits } from "./limits.js";
import type { Metrics } from "./metrics.js";
import type { Service } from "./service.js";

export interface ServerOptions {
  readonly service: Service;
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly more: MoreAllowed;
  /** Requests a second of one caller; 0 for no limit. */
  readonly rateLimit: number;
  readonly log: (entry: LogEntry) => void;
  /** Those of 500 and more are told in any case. */
  readonly logsRequests: boolean;
  readonly limits?: Limits;
  readonly metrics: Metrics;
}

export interface RunningServer {
  readonly url: string;
  /** Takes nothing more, and settles when what was taken is answered, or cut off. */
  readonly close: () => Promise<void>;
}

/** How long answers may take once it ends: less than `cavra down` waits. */
export const END_MS = 4_000;

/** Problems: `address_in_use`, `address_unavailable`. */
export async function startServer({
  service,
  host,
  port,
  more,
  rateLimit,
  log,
  logsRequests,
  limits = LIMITS,
  metrics,
}: ServerOptions): Promise<Result<RunningServer>> {
  let allowed: Allowed = { hosts: new Set(), origins: new Set(), listed: new Set() };
  let ending = false;
  const app = await buildApp({
    metrics,
    service,
    allowed: () => allowed,
    isEnding: () => ending,
    isBehindProxy: more.isBehindProxy,
    rateLimit,
    limits,
    log,
    logsRequests,
  });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    return { ok: false, problem: addressProblem(cause, `\`${bracketed(host)}:${port}\``) };
  }
  const taken = (app.server.address() as AddressInfo).port;
  allowed = allowedFor({ host, port: taken }, more);
  const close = async (): Promise<void> => {
    ending = true;
    const cutting = setTimeout(() => app.server.closeAllConnections(), END_MS);
    await app.close();
    clearTimeout(cutting);
  };
  return ok({ url: `http://${bracketed(host)}:${taken}`, close });
}

function addressProblem(cause: unknown, place: string): Problem {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return { code: "address_in_use", message: `somebody listens on ${place} already`, hint: "say another `--port`" };
  const hint = "say another `--host` or `--port`";
  return { code: "address_unavailable", message: `${place} cannot be had here (${code === "" ? message : code})`, hint };
}
