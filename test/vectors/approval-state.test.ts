// Runs spec/vectors/approval-state/: a request and what stands beside it in, what became of it out. Proves spec/approval.md sections 3 to 5.

import { expect } from "vitest";
import { approvalState, readRequest } from "../../src/approval/index.js";
import { parseTime } from "../../src/base/index.js";
import { openTrust } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: {
    readonly request: string;
    readonly answers: readonly { readonly key_id: string; readonly text: string }[];
    readonly ended: boolean;
    readonly used_for: string;
    readonly own_names: readonly string[];
    readonly chain: readonly string[];
    readonly pin: string;
    readonly now: string;
  };
  readonly expect: unknown;
}

runArea<Vector>("approval-state", "approval.md", ({ input, expect: expected }) => {
  const asked = readRequest(input.request);
  if (!asked.ok) throw new Error(asked.problem.message);
  const now = parseTime(input.now);
  const nowMs = now.ok ? now.value : 0;
  const trust = openTrust(input.chain, { pin: input.pin, nowMs, seenVersion: 0 });
  const answers = input.answers.map(({ key_id: keyId, text }) => ({ keyId, text }));
  const state = approvalState(
    { asked: asked.value, answers, isEnded: input.ended, usedFor: input.used_for },
    { trust: trust.ok ? trust.value : null, nowMs, ownNames: input.own_names },
  );
  expect({
    state: state.state,
    counted: state.counted.map(({ answer }) => answer.name),
    refused: state.refused.map(({ problem }) => problem.code),
    missing: state.missing.map(({ route, persons }) => ({ route: route.id, persons })),
    ends_at: state.ends_at,
    code: state.code,
  }).toEqual(expected);
});
