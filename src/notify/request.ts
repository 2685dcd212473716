// What leaves for a provider, and the same without its secrets, which is kept. Implements spec/notices.md 7.1, 7.2 and 7.5.

import { readFileSync } from "node:fs";
import { bad, ok, type Result } from "../base/index.js";
import { redact } from "../evidence/index.js";
import { type Notice, noticeJson, noticeLine, type Provider, slackJson } from "../promotion/index.js";

export interface OutgoingRequest {
  readonly kind: "http";
  readonly method: "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** Written to a file, or printed: without its line end. */
export interface OutgoingLine {
  readonly kind: "file" | "stdout";
  /** "" for standard output. */
  readonly path: string;
  readonly body: string;
}

export type Outgoing = OutgoingRequest | OutgoingLine;

/** Problems: `provider_unconfigured`, `provider_insecure`. `undefined` is a provider that the routes have no more. */
export function outgoing(notice: Notice, provider: Provider | undefined, userAgent: string): Result<Outgoing> {
  if (provider === undefined) return bad("provider_unconfigured", "the routes have no such provider any more");
  switch (provider.kind) {
    case "stdout":
      return ok({ kind: "stdout", path: "", body: noticeLine(notice) });
    case "file":
      return ok({ kind: "file", path: provider.path, body: noticeJson(notice) });
    case "webhook":
    case "slack":
      return overHttp(notice, provider, userAgent);
  }
}

type HttpProvider = Extract<Provider, { readonly urlFile: string }>;

function overHttp(notice: Notice, { kind, url, urlFile, tokenFile, timeoutMs }: HttpProvider, userAgent: string): Result<Outgoing> {
  const where = urlFile === "" ? ok(url) : firstLine(urlFile);
  if (!where.ok) return where;
  const checked = checkedUrl(where.value);
  if (!checked.ok) return checked;
  const token = tokenFile === "" ? ok("") : firstLine(tokenFile);
  if (!token.ok) return token;
  const headers = {
    "content-type": "application/json",
    "user-agent": userAgent,
    "idempotency-key": notice.notice_id,
    ...(token.value === "" ? {} : { authorization: `Bearer ${token.value}` }),
  };
  const body = kind === "slack" ? slackJson(notice) : noticeJson(notice);
  return ok({ kind: "http", method: "POST", url: checked.value, headers, body, timeoutMs });
}

function firstLine(path: string): Result<string> {
  try {
    const [line = ""] = readFileSync(path, "utf8").split(/\r?\n/);
    return line.trim() === "" ? bad("provider_unconfigured", `the first line of \`${path}\` is empty`) : ok(line.trim());
  } catch (error) {
    return bad("provider_unconfigured", `\`${path}\` cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
}

const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];

function checkedUrl(text: string): Result<string> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return bad("provider_unconfigured", "the address is no URL");
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.includes(url.hostname))) return ok(text);
  return bad("provider_insecure", `\`${url.protocol}//${url.hostname}\` would send notices in the clear`);
}

/** As it is kept. SECURITY: the path of an incoming webhook is its password, and a token is one anyway. */
export function redactedRequest(made: Result<Outgoing>, noticeId: string, redactionKey: Uint8Array): string {
  if (!made.ok) return JSON.stringify({ problem: made.problem.code });
  const shown =
    made.value.kind === "http" ? withoutSecrets(made.value) : { kind: made.value.kind, path: made.value.path, body: made.value.body };
  return JSON.stringify(redact(shown, noticeId, redactionKey).value);
}

function withoutSecrets({ kind, method, url, headers, body }: OutgoingRequest): object {
  const { protocol, host } = new URL(url);
  const shown = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, name === "authorization" ? "[redacted]" : value]));
  return { kind, method, url: `${protocol}//${host}/[redacted]`, headers: shown, body };
}
