// One attempt: a request, a line in a file, a line on the screen. Implements spec/notices.md 7.2 to 7.4. Never throws: what went wrong is a result.

import { closeSync, constants, fsyncSync, openSync, writeSync } from "node:fs";
import type { FailedCause } from "../promotion/index.js";
import type { DeliveryResult } from "../store/index.js";
import type { Outgoing, OutgoingRequest } from "./request.js";

/** `print` takes the line of a provider `stdout`, with its end. */
export async function send(out: Outgoing, print: (line: string) => void): Promise<DeliveryResult> {
  switch (out.kind) {
    case "http":
      return sendRequest(out);
    case "file":
      return appendLine(out.path, out.body);
    case "stdout":
      return printed(out.body, print);
  }
}

function printed(body: string, print: (line: string) => void): DeliveryResult {
  try {
    print(`${body}\n`);
    return { kind: "sent", told: "printed" };
  } catch (error) {
    return failed("provider_unwritable", error);
  }
}

function appendLine(path: string, body: string): DeliveryResult {
  try {
    const handle = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      const bytes = Buffer.from(`${body}\n`);
      // One write, so that lines of several processes do not mix; half a line on a full disk is told as such.
      if (writeSync(handle, bytes) !== bytes.length) return { kind: "again", cause: "provider_unwritable", told: "written in part" };
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    return { kind: "sent", told: "appended" };
  } catch (error) {
    return failed("provider_unwritable", error);
  }
}

function failed(cause: FailedCause, error: unknown): DeliveryResult {
  const told = (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : "unknown");
  // No room comes back; a folder that is not there does not by itself.
  return { kind: told === "ENOSPC" || told === "EAGAIN" ? "again" : "failed", cause, told };
}

/** Answers that say: later. */
const LATER: readonly number[] = [408, 425, 429];

async function sendRequest({ method, url, headers, body, timeoutMs }: OutgoingRequest): Promise<DeliveryResult> {
  try {
    const answer = await fetch(url, { method, headers, body, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    // What it says is of no use here, and may be without end.
    await answer.body?.cancel();
    const told = `status ${answer.status}`;
    if (answer.status >= 200 && answer.status < 300) return { kind: "sent", told };
    if (answer.status >= 500 || LATER.includes(answer.status)) return { kind: "again", cause: "provider_overloaded", told };
    return { kind: "failed", cause: "provider_refused", told };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError")
      return { kind: "again", cause: "provider_timeout", told: `${timeoutMs} ms` };
    const { cause } = error as { readonly cause?: { readonly code?: unknown } };
    return { kind: "again", cause: "provider_unreachable", told: typeof cause?.code === "string" ? cause.code : "no answer" };
  }
}
