// spec/vectors/trust: chains of trust documents, signed by another program, and what their keys may be used for.

import { expect } from "vitest";
import { parseTime } from "../../src/base/index.js";
import { type KeyUse, keyFor, openTrust, parseTrust, type Role } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly call: "open" | "use";
  readonly input: {
    readonly chain: readonly string[];
    readonly pin: string;
    readonly now: string;
    readonly seen_version: number;
    readonly document: string;
    readonly key_id: string;
    readonly role: Role;
    readonly use: KeyUse;
  };
  readonly expect: unknown;
}

runArea<Vector>("trust", "trust.md", (vector) => expect(answer(vector)).toEqual(vector.expect));

function answer({ call, input }: Vector): unknown {
  if (call === "use") {
    const document = parseTrust(input.document);
    if (!document.ok) return { code: document.problem.code };
    const key = keyFor(document.value, input.key_id, input.role, input.use);
    return key.ok ? { key_id: key.value.key_id } : { code: key.problem.code };
  }
  const now = parseTime(input.now);
  const opened = openTrust(input.chain, { pin: input.pin, nowMs: now.ok ? now.value : 0, seenVersion: input.seen_version });
  return opened.ok ? { version: opened.value.version } : { code: opened.problem.code };
}
