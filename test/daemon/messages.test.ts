// What is a message of the running authority, and what is none. Proves spec/backend.md 8.2.

import { describe, expect, it } from "vitest";
import { readHello, readReply, readRequest, sentEnvironment } from "../../src/daemon/index.js";

const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const HOOK = { kind: "hook", ticket: "t", agent: "a", payload: "{}", environment: { HOME: "/h" }, cwd: "/" };

describe("a request", () => {
  it.each([[HOOK], [{ kind: "status", ticket: "t" }], [{ kind: "stop", ticket: "" }], [{ ...HOOK, environment: {} }]])(
    "%j is one",
    (value) => {
      const read = readRequest(bytes(value));
      expect(read.ok && { ...read.value }).toEqual(value);
    },
  );

  it.each([
    ["request_malformed", "nonsense"],
    ["request_malformed", "[]"],
    ["request_malformed", '{"kind":"stop","kind":"stop","ticket":"t"}'],
    ["request_malformed", '{"kind":"stop","ticket":"\\ud800"}'],
    ["request_malformed", `{"kind":"stop","ticket":${"[".repeat(20)}${"]".repeat(20)}}`],
    ["unknown_kind", {}],
    ["unknown_kind", { kind: "evaluate" }],
    ["unknown_kind", { kind: "__proto__", ticket: "t" }],
    ["request_unknown_key", { ...HOOK, mode: "disabled" }],
    ["request_unknown_key", '{"kind":"stop","ticket":"t","__proto__":{}}'],
    ["request_unknown_key", { kind: "stop", policy: "/etc/passwd" }],
    ["request_missing_key", { kind: "stop" }],
    ["request_missing_key", { ...HOOK, cwd: undefined }],
    ["request_bad_value", { kind: "stop", ticket: 1 }],
    ["request_bad_value", { ...HOOK, environment: null }],
    ["request_bad_value", { ...HOOK, environment: { CAVRA_CONFIG_DIR: "/tmp" } }],
    ["request_bad_value", { ...HOOK, environment: { HOME: 1 } }],
    ["request_bad_value", { ...HOOK, payload: {} }],
  ])("is refused with %s: %j", (code, value) => {
    const read = readRequest(bytes(value));
    expect(read.ok ? "ok" : read.problem.code).toBe(code);
  });

  it("carries no variable that a decision does not rest on", () => {
    expect(sentEnvironment({ HOME: "/h", SECRET: "s", CAVRA_STATE_DIR: "/s", TMPDIR: undefined })).toEqual({ HOME: "/h" });
  });
});

describe("a reply", () => {
  it.each([
    [{ kind: "answer", stdout: "", stderr: "", exit: 0 }, true],
    [{ kind: "answer", stdout: "", stderr: "x", exit: 2 }, true],
    [{ kind: "answer", stdout: "", stderr: "", exit: 1 }, false],
    [{ kind: "answer", stdout: "", stderr: "", exit: "0" }, false],
    [{ kind: "answer", stdout: "", stderr: "", exit: 0, more: 1 }, false],
    [{ kind: "answer", stdout: null, stderr: "", exit: 0 }, false],
    [{ kind: "answer", stdout: "", exit: 0 }, false],
    [{ kind: "status", status: {} }, true],
    [{ kind: "status", status: [] }, false],
    [{ kind: "stopping", pid: 1 }, true],
    [{ kind: "refused", code: "c", message: "m" }, true],
    [{ kind: "refused", code: "c" }, false],
    [{ kind: "allow" }, false],
    [[], false],
  ])("%j is one: %s", (value, isOne) => {
    expect(readReply(bytes(value)) !== null).toBe(isOne);
  });
});

describe("a hello", () => {
  const HELLO = { kind: "hello", protocol: "p", version: "v", pid: 1, state_dir: "/s", config_dir: "/c", view: "v" };
  it.each([
    [HELLO, true],
    [{ ...HELLO, pid: "1" }, false],
    [{ ...HELLO, more: 1 }, false],
    [{ ...HELLO, view: undefined }, false],
    [{ ...HELLO, kind: "answer" }, false],
  ])("%j is one: %s", (value, isOne) => {
    expect(readHello(bytes(value)) !== null).toBe(isOne);
  });
});
