// Does a decision fit what a stream asked for? The same question as the ledger's own filter, asked once for each of a thousand readers. Implements spec/service.md 8.1. Pure.

import { canonicalJson } from "../../base/index.js";
import { workspaceTest } from "../../identity/index.js";
import type { FoundDecision, StreamFilter } from "../service.js";

export interface Wanted {
  readonly filter: StreamFilter;
  readonly words: readonly string[];
  /** Of the caller. */
  readonly workspaces: readonly string[];
}

/** A decision with its text, which is made where somebody looks for words in it. */
export interface Candidate {
  readonly found: FoundDecision;
  readonly text: () => string;
}

export function candidateOf(found: FoundDecision): Candidate {
  let text: string | null = null;
  return {
    found,
    text: () => {
      text ??= lowerAscii(canonicalText(found.record));
      return text;
    },
  };
}

export function wantedTest({ filter, words, workspaces }: Wanted): (candidate: Candidate) => boolean {
  const isSeen = workspaceTest(workspaces);
  // As it stands in JSON: a newline that is looked for is a backslash and an n there.
  const looked = words.map((word) => lowerAscii(JSON.stringify(word).slice(1, -1)));
  return ({ found: { record }, text }) => {
    const { decision, agent, session, rule, repository, action_type } = filter;
    const { who } = record;
    return (
      isSeen(who.repository) &&
      isSame(decision, record.decision) &&
      isSame(agent, who.agent) &&
      isSame(session, who.session) &&
      isSame(repository, who.repository) &&
      isSame(rule, record.judgement?.rule_id) &&
      isSame(action_type, record.action?.action_type) &&
      looked.every((word) => text().includes(word))
    );
  };
}

function isSame(asked: string | undefined, value: string | undefined): boolean {
  return asked === undefined || asked === value;
}

/** What the ledger calls lower case. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function canonicalText(record: object): string {
  const text = canonicalJson(record);
  return text.ok ? text.value : JSON.stringify(record);
}
