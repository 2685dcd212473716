// The first engine as a campaign asks it: an evaluation in, the judgement bytes out. Implements spec/backend.md 2.1 and 2.2. Total.

import type { Evaluation } from "../backend/index.js";
import { canonicalRecord, type Result, type Verdict } from "../base/index.js";
import { deriveChange, type WholeCatalogue } from "../change/index.js";
import { type Judgement, judge, type McpRegistry, openPolicy, openRegistry, type Rulebook, type Subject } from "../policy/index.js";

export interface Engine {
  readonly rulebook: Rulebook;
  /** The registry of MCP servers that it judges by; null without one. */
  readonly registry: McpRegistry | null;
  readonly catalogue: WholeCatalogue;
  readonly judge: (evaluation: Evaluation) => Judgement;
}

/** What an engine makes of an evaluation. `text` is the judgement bytes; a problem is of the canonical form. */
export interface Judged {
  readonly judgement: Judgement;
  readonly text: Result<string>;
}

export function openEngine(catalogue: WholeCatalogue, rulebook: Rulebook, registry: McpRegistry | null = null): Engine {
  const policy = openPolicy(rulebook, registry === null ? null : openRegistry(registry));
  return {
    rulebook,
    registry,
    catalogue,
    judge: ({ action, facts, subject }) => {
      const about: Subject = {
        ...subject,
        home: facts.home,
        workspace_root: action.workspace_root,
        temp_roots: facts.temp_roots,
        default_branch: facts.git.default_branch,
        tool_description: action.action_type === "mcp_tool_call" ? action.operation : "",
      };
      return judge(deriveChange(action, facts, catalogue), about, policy);
    },
  };
}

export function judgedBy(engine: Engine, evaluation: Evaluation): Judged {
  const judgement = engine.judge(evaluation);
  return { judgement, text: canonicalRecord(judgement) };
}

const ORDER: readonly Verdict[] = ["allow", "warn", "require_approval", "deny"];

/** Unsafe: the second engine would have let pass more than the first, or its verdict cannot be read (spec/backend.md 6.2). */
export function isUnsafe(first: Verdict, second: string): boolean {
  return ORDER.indexOf(second as Verdict) < ORDER.indexOf(first);
}
