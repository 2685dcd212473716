// Which engine is selected for one judgement. Implements spec/backend.md sections 1 and 6.2. Pure.
// INVARIANT: Go is selected only where its bytes are TypeScript's, so that it never matters to an answer who was selected.

import { bad, isStricter, ok, parseJson, type Result, VERDICTS, type Verdict } from "../base/index.js";
import { type Answered, type BackendMode, type FallbackCode, MODES, type Selection } from "./model.js";

/** The mode of a name; nothing said is `disabled`. Problem: `unknown_mode`. */
export function modeOf(name: string): Result<BackendMode> {
  if (name === "") return ok("disabled");
  const mode = MODES.find((one) => one === name);
  if (mode !== undefined) return ok(mode);
  return bad("unknown_mode", `there is no backend mode \`${name}\``, { hint: `the modes are ${MODES.join(", ")}` });
}

/** True where Go is asked at all. */
export function asksGo(mode: string): mode is "shadow" | "enforce" {
  return mode === "shadow" || mode === "enforce";
}

/** `typescript` are the judgement bytes of the authority and its verdict; `answered` is what Go made of the same request, null where it was not asked. */
export function select(
  mode: string,
  typescript: { readonly judgement: string; readonly verdict: Verdict },
  answered: Answered | null,
): Selection {
  if (mode === "promoted")
    return fallenBack(mode, "promotion_gate_missing", "no gate has let Go answer: promotion is a release decision of its own");
  if (mode === "disabled") return { ...UNASKED, backend_mode: mode };
  if (!asksGo(mode)) return fallenBack(mode, "unknown_mode", `there is no backend mode \`${mode}\``);
  if (answered === null) return fallenBack(mode, "worker_unavailable", "Go was not asked");
  if (!answered.ok) return fallenBack(mode, answered.code, answered.message);
  const { judgement } = answered;
  if (judgement !== typescript.judgement) {
    const unsafe = isUnsafe(judgement, typescript.verdict);
    const reason = `the judgements differ${unsafe ? ", and Go's is the weaker one" : ""}`;
    return { ...fallenBack(mode, "disagreement", reason), parity_match: false, unsafe, go: judgement };
  }
  const selected = mode === "enforce" ? "go" : "typescript";
  return { ...UNASKED, backend_mode: mode, selected_backend: selected, parity_match: true, go: judgement };
}

const UNASKED: Selection = {
  backend_mode: "disabled",
  selected_backend: "typescript",
  fallback_used: false,
  fallback_code: null,
  fallback_reason: "",
  parity_match: null,
  unsafe: false,
  go: null,
};

function fallenBack(mode: string, code: FallbackCode, reason: string): Selection {
  return { ...UNASKED, backend_mode: mode, fallback_used: true, fallback_code: code, fallback_reason: reason };
}

/** What cannot be read is unsafe: nobody knows what would have passed. */
export function isUnsafe(judgement: string, verdict: Verdict): boolean {
  const read = parseJson(judgement);
  if (!read.ok || typeof read.value !== "object" || read.value === null || Array.isArray(read.value)) return true;
  const theirs = VERDICTS.find((one) => one === (read.value as Readonly<Record<string, unknown>>).verdict);
  return theirs === undefined || isStricter(verdict, theirs);
}
