// Cases that somebody gave: command lines of a corpus, inputs of shared vectors, recorded traffic. They are asked before all generated ones, and begin mutations.
// Implements spec/parity.md 2.2.

import type { Evaluation } from "../backend/index.js";
import { hasLoneSurrogate, type JsonObject, type JsonValue, parseJson } from "../base/index.js";
import { ACTION_TYPES, type Facts } from "../change/index.js";
import type { Case } from "./cases/index.js";

export interface Given {
  readonly lines: readonly string[];
  /** Code in another language than the shell: it begins what is drawn in that language. */
  readonly code: readonly { readonly language: string; readonly text: string }[];
  readonly evaluations: readonly Evaluation[];
  /** What agents did here, as far as it is on record. */
  readonly traffic: readonly Evaluation[];
}

export const NOTHING_GIVEN: Given = { lines: [], code: [], evaluations: [], traffic: [] };

export function fixedCases({ lines, evaluations, traffic }: Given): readonly Case[] {
  const asCase = (evaluation: Evaluation, family: string): Case => ({ evaluation, family, hostile: false, constructs: [], entries: [] });
  return [
    ...lines.map((line) => asCase(commandEvaluation(line), "given_line")),
    ...evaluations.map((one) => asCase(one, "given_evaluation")),
    ...traffic.map((one) => asCase(one, "given_traffic")),
  ];
}

function commandEvaluation(target: string): Evaluation {
  return {
    action: { action_type: "execute_command", target, operation: "", arguments: "", cwd: "/srv/app", workspace_root: "/srv/app" },
    facts: BARE,
    subject: { agent: "claude-code", user: "p", now: "2026-01-01T00:00:00.000Z" },
  };
}

const BARE: Facts = {
  home: "/home/p",
  temp_roots: ["/tmp"],
  environment: {},
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
};

/** The lines of a corpus: JSON objects with `command`, one a line; other lines are taken as they are. */
export function corpusLines(text: string): readonly string[] {
  return text.split("\n").flatMap((row) => {
    if (row === "") return [];
    const read = row.startsWith("{") ? parseJson(row) : null;
    if (read?.ok !== true || !isObject(read.value)) return [row];
    return typeof read.value.command === "string" ? usable(read.value.command) : [];
  });
}

/** The command lines that begin mutations: those of the traffic too. */
export function linesToChange({ lines, traffic }: Given): readonly string[] {
  const commands = traffic.flatMap(({ action }) => (action.action_type === "execute_command" ? [action.target] : []));
  return [...new Set([...lines, ...commands])];
}

/**
 * What was asked, from a line of the shadow log, which has the whole request, or from a decision's record, which has the action without what was looked up for it.
 * Null where neither is there. What is redacted stays so: both engines read the same.
 */
export function trafficIn(value: JsonValue): Evaluation | null {
  if (!isObject(value)) return null;
  const { request, action, who, recorded_at } = value;
  const { agent, user } = isObject(who) ? who : {};
  const asked = isObject(request) ? request : { action, subject: { agent: agent ?? "", user: user ?? "", now: recorded_at ?? "" } };
  const made = evaluationOf(asked as JsonObject);
  return made !== null && usable(made.action.target).length > 0 ? made : null;
}

/** What a vector holds that can be asked: its evaluation, and else the texts in it that are read as code. */
export function givenIn(value: JsonValue): Given {
  const evaluations: Evaluation[] = [];
  const lines: string[] = [];
  const code: { language: string; text: string }[] = [];
  const look = (one: JsonValue, key: string) => {
    if (typeof one === "string" && CODE_KEYS.has(key)) lines.push(...usable(one));
    if (Array.isArray(one)) for (const item of one as readonly JsonValue[]) look(item, key);
    if (!isObject(one)) return;
    const evaluation = evaluationOf(one);
    if (evaluation !== null) evaluations.push(evaluation);
    if (typeof one.language === "string" && typeof one.code === "string")
      code.push(...usable(one.code).map((text) => ({ language: String(one.language), text })));
    for (const [name, member] of Object.entries(one)) if (name !== "expect") look(member, name);
  };
  look(value, "");
  return { lines, code, evaluations, traffic: [] };
}

const CODE_KEYS: ReadonlySet<string> = new Set(["command", "text", "line", "script", "words"]);

function usable(text: string): readonly string[] {
  return hasLoneSurrogate(text) || Buffer.byteLength(text) > LINE_LIMIT ? [] : [text];
}

/** Longer ones would make a campaign about them alone. */
const LINE_LIMIT = 65_536;

function evaluationOf({ action, facts, subject }: JsonObject): Evaluation | null {
  if (!isObject(action) || !ACTION_TYPES.some((type) => type === action.action_type)) return null;
  if (typeof action.target !== "string") return null;
  const known = isObject(facts) ? facts : {};
  const asker = isObject(subject) ? subject : {};
  const text = (value: JsonValue | undefined) => (typeof value === "string" ? value : "");
  const git = isObject(known.git) ? known.git : {};
  const picked = Object.fromEntries(ACTION_KEYS.map((key) => [key, text(action[key] ?? PLACE[key])]));
  return {
    action: picked as unknown as Evaluation["action"],
    facts: {
      ...BARE,
      ...(Object.fromEntries(FACT_KEYS.flatMap((key) => (key in known ? [[key, known[key]]] : []))) as Partial<Facts>),
      git: { ...BARE.git, ...git },
    },
    subject: { agent: text(asker.agent), user: text(asker.user), now: text(asker.now) },
  };
}

const ACTION_KEYS = ["action_type", "target", "operation", "arguments", "cwd", "workspace_root"] as const;
/** Vectors leave out what does not matter to them. */
const PLACE: Readonly<Record<string, string>> = { cwd: "/srv/app", workspace_root: "/srv/app" };
const FACT_KEYS = ["home", "temp_roots", "environment", "links", "listings", "scripts"] as const;

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
