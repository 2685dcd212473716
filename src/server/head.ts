// What is looked at before anything else of a request: its target, its `Host`, its origin. Implements spec/service.md 3.1, 3.2 and 3.7. Pure.
// SECURITY: a page in somebody's browser can send requests to this machine; the name that it had to use for that gives it away.

import { isIP } from "node:net";
import type { Problem } from "../base/index.js";

export const URL_BYTES = 8_192;

export interface Allowed {
  /** `name:port`, in lower case. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  /** Of these the ones of others: their pages get headers of CORS. */
  readonly listed: ReadonlySet<string>;
}

export interface RequestHead {
  readonly method: string;
  /** As it came. */
  readonly url: string;
  readonly hosts: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Problems, of several the first in this order: `url_too_long`, `bad_request`, `host_not_allowed`, `origin_not_allowed`, `body_not_wanted`. */
export function headFault({ method, url, hosts, headers }: RequestHead, allowed: Allowed): Problem | null {
  if (Buffer.byteLength(url) > URL_BYTES) return { code: "url_too_long", message: `the target has more than ${URL_BYTES} bytes` };
  if (!url.startsWith("/")) return { code: "bad_request", message: "the target is no path", at: "target" };
  const [host = ""] = hosts;
  if (hosts.length !== 1 || !allowed.hosts.has(host.toLowerCase()))
    return { code: "host_not_allowed", message: "this server does not go by that name", hint: "see `--allow-host`", at: "Host" };
  if (!isOwnPage(headers, allowed))
    return { code: "origin_not_allowed", message: "pages of that origin are not answered", hint: "see `--allow-origin`", at: "Origin" };
  const hasBody = (headers["content-length"] ?? "0") !== "0" || headers["transfer-encoding"] !== undefined;
  if (hasBody && (method === "GET" || method === "HEAD")) return { code: "body_not_wanted", message: `\`${method}\` takes no body` };
  return null;
}

function isOwnPage(headers: RequestHead["headers"], { origins }: Allowed): boolean {
  const { origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined) return typeof origin === "string" && origins.has(origin);
  return site === undefined || site === "same-origin" || site === "none";
}

/** All names of an address that is loopback, else the one that was said; with the port, and without it where it is HTTP's own. */
export function allowedFor({ host, port }: { readonly host: string; readonly port: number }, more: MoreAllowed): Allowed {
  const names = isLoopback(host) ? ["localhost", "127.0.0.1", "[::1]", bracketed(host)] : [bracketed(host)];
  const own = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const hosts = new Set([...own, ...more.hosts].map((name) => name.toLowerCase()));
  // What stands in front speaks TLS, under the names that were allowed.
  const inFront = more.isBehindProxy ? more.hosts.map((name) => `https://${name.toLowerCase().replace(/:443$/, "")}`) : [];
  const ours = [...own.map((name) => `http://${name}`), ...inFront];
  return { hosts, origins: new Set([...ours, ...more.origins]), listed: new Set(more.origins.filter((origin) => !ours.includes(origin))) };
}

export interface MoreAllowed {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  /** Something stands in front that speaks TLS, and says who asked it. */
  readonly isBehindProxy: boolean;
}

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The caller's own name of the request, for the log; "" for what is none. */
export function callersRequestId({ "x-request-id": said }: RequestHead["headers"]): string {
  return typeof said === "string" && REQUEST_ID.test(said) ? said : "";
}

/** Who is at the other end; behind a proxy, who that says was: the last one of its header, which it wrote itself. */
export function addressOf(socketAddress: string, { "x-forwarded-for": said }: RequestHead["headers"], isBehindProxy: boolean): string {
  if (!isBehindProxy || said === undefined) return socketAddress;
  const last = String(said).split(",").at(-1)?.trim() ?? "";
  return isIP(last) === 0 ? socketAddress : last;
}

/** `127.0.0.0/8`, `::1` and `localhost`. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

export function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
