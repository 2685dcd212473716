// spec/vectors/authority-wire: frames of the running authority's socket, and what each end makes of them. The native caller's end is in go/messenger.

import { isUtf8 } from "node:buffer";
import { expect } from "vitest";
import { frameCutter, frameOf, frameReader, readHello, readReply, readRequest } from "../../src/daemon/index.js";
import { runArea } from "./area.js";
import { type InputPart, inputBytes } from "./cases.js";

interface Vector {
  readonly input: {
    readonly kind: "request" | "hello" | "reply" | "call";
    /** What comes over the socket; of a call the payload. */
    readonly bytes: readonly InputPart[];
    readonly call?: {
      readonly agent: string;
      readonly cwd: string;
      readonly environment: Readonly<Record<string, string>>;
      readonly ticket: string;
    };
  };
  readonly expect: unknown;
}

runArea<Vector>("authority-wire", "backend.md", ({ input, expect: expected }) => {
  const bytes = inputBytes(input.bytes);
  switch (input.kind) {
    case "request":
      return expect({ outcome: outcomeOf(bytes) }).toEqual(expected);
    case "hello": {
      const text = firstFrame(bytes);
      const hello = text === null ? null : readHello(text);
      return expect({ hello: hello === null ? null : without(hello) }).toEqual(expected);
    }
    case "reply": {
      const text = firstFrame(bytes);
      const reply = text === null ? null : readReply(text);
      return expect({ reply: reply === null ? null : { ...reply, ...("exit" in reply ? { exit: reply.exit + 0 } : {}) } }).toEqual(
        expected,
      );
    }
    case "call":
      return expect({ sent: isSent(input, bytes) }).toEqual(expected);
  }
});

/** The authority's end: what it waits for, ends without a word, refuses or takes. */
function outcomeOf(bytes: Buffer): string {
  const cut = frameCutter().take(bytes);
  if (cut.kind === "malformed") return "frame_malformed";
  if (cut.kind === "partial") return "partial";
  if (cut.moreBytes > 0) return "more";
  const read = readRequest(cut.text);
  return read.ok ? "taken" : read.problem.code;
}

function firstFrame(bytes: Buffer): Buffer | null {
  const [first] = frameReader()(bytes);
  return first?.kind === "frame" ? first.text : null;
}

function without(hello: object): object {
  return Object.fromEntries(Object.entries(hello).filter(([key]) => key !== "kind"));
}

/** What is sent, the authority takes as it was. */
function isSent({ call }: Vector["input"], bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  const request = { kind: "hook", ...call, payload: bytes.toString("utf8") };
  const frame = frameOf(JSON.stringify(request));
  if (frame === null) return false;
  const read = readRequest(frame.subarray(4));
  expect(read.ok && { ...read.value, environment: { ...call?.environment } }).toEqual(request);
  return true;
}
