// A decision → what Claude Code's hook protocol calls an answer. Implements spec/agents.md section 3.
// Silence is the right allow: an explicit allow would skip the host's own prompts. It never leaves with another exit status than 0 or 2.

import type { Problem } from "../../base/index.js";
import type { Decision } from "../../evidence/index.js";

/** What the hook process writes and how it ends. */
export interface HookAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: 0 | 2;
}

export const SILENCE: HookAnswer = { stdout: "", stderr: "", exit: 0 };

/** `attended` says whether somebody is there to be asked; without a person, asking becomes a refusal with a way out. */
export function answerFor(decision: Decision, attended: boolean): HookAnswer {
  switch (decision.decision) {
    case "allow":
      return SILENCE;
    case "warn":
      return json({ additionalContext: `CAVRA warns (${decision.rule_id}): ${sentence(decision.reason)}${wayOut(decision)}` });
    case "require_approval":
      return attended ? json({ permissionDecision: "ask", permissionDecisionReason: reasonOf(decision) }) : refusal(unattended(decision));
    case "deny":
      return refusal(reasonOf(decision));
  }
}

/** The answer with a message that the host shows to the person. It decides nothing: an answer that was silent stays one without a decision. */
export function withNotice(answer: HookAnswer, notice: string): HookAnswer {
  if (notice === "" || answer.exit !== 0) return answer;
  const told = answer.stdout === "" ? {} : (JSON.parse(answer.stdout) as object);
  return { ...answer, stdout: `${JSON.stringify({ ...told, systemMessage: notice })}\n` };
}

/** For everything that could not be decided: the host reads stderr and does not run the tool. */
export function answerForProblem(problem: Problem): HookAnswer {
  return { stdout: "", stderr: `cavra: ${problem.message} (${problem.code}); ${problem.hint || MORE}\n`, exit: 2 };
}

/** Where a problem has no hint of its own: it is on record like every other refusal. */
const MORE = "run `cavra why` for more";

function refusal(reason: string): HookAnswer {
  return json({ permissionDecision: "deny", permissionDecisionReason: reason });
}

function unattended(decision: Decision): string {
  return reasonOf(decision, ` Nobody is here to approve it, so it is refused: ${askedFor(decision)}`);
}

function askedFor({ approval }: Decision): string {
  if (approval?.state === "denied") return `a person denied it (${approval.approval_id}); go on without it.`;
  if (approval === undefined) return "go on without it, and leave it to a person.";
  return `a person is asked (${approval.approval_id}); go on without it, and try it again unchanged once it is approved.`;
}

/** `aside` stands before the last sentence, which says where there is more. */
function reasonOf(decision: Decision, aside = ""): string {
  const more = decision.evidence.journal === null ? "cavra status" : `cavra why ${decision.decision_id}`;
  return `CAVRA (${decision.rule_id}): ${sentence(decision.reason)}${wayOut(decision) || (aside === "" ? LEAVE_IT : "")}${aside} More: ${more}`;
}

/** A refusal without a way out is tried again in other words. */
const LEAVE_IT = " Instead: go on without it, or leave this step to a person.";

function wayOut(decision: Decision): string {
  return decision.instead === undefined ? "" : ` Instead: ${sentence(decision.instead.text)}`;
}

/** Messages have no full stop; put one after the other they need it. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function json(fields: Readonly<Record<string, string>>): HookAnswer {
  return { stdout: `${JSON.stringify({ hookSpecificOutput: { hookEventName: "PreToolUse", ...fields } })}\n`, stderr: "", exit: 0 };
}
