// The way back, written down before anybody goes forward: what one sees, what one then does, who, and how fast. Implements spec/drills.md section 2.
// The temptation is to take a template for a plan: a text that nobody has filled in is found, and the document is refused.

import { compareBytes, type JsonValue, type Problem, type Shape, shapeFault } from "../../base/index.js";
import type { DocumentHead, DocumentKind } from "../documents/document.js";
import { FAULTS_ALWAYS, isFault } from "./faults.js";

export const PLAN_SCHEMA = "cavra.go-backend-rollback-plan.v1";
/** Triggers and steps, owners and contacts: at most so many of each. */
export const PLAN_STEPS = 32;
export const PLAN_OWNERS = 16;
export const PLAN_TEXT_BYTES = 512;
/** In milliseconds: until TypeScript answers, and until nothing asks Go any more. */
/** The longest, and what a draft says: what a hook waits for beyond is felt. */
export const FIRST_ANSWER_MS = 1_000;
export const FIRST_ANSWER_DRAFT_MS = 20;
export const FULL_DEMOTION_MS = 60_000;

/** What a person writes. */
export interface PlanDraft {
  readonly schema_version: string;
  readonly triggers: readonly { readonly trigger_id: string; readonly when: string; readonly step_id: string }[];
  readonly steps: readonly { readonly step_id: string; readonly title: string; readonly command: string; readonly owner: string }[];
  readonly owners: readonly { readonly name: string; readonly contact: string }[];
  readonly contact_route: readonly { readonly owner: string; readonly after_minutes: number }[];
  readonly objectives: { readonly first_answer_p99_ms: number; readonly full_demotion_ms: number };
  readonly faults: readonly string[];
}

export interface RollbackPlan extends DocumentHead, PlanDraft {}

const BODY: { readonly [key: string]: Shape } = {
  contact_route: [{ after_minutes: "count", owner: "text" }],
  faults: ["text"],
  objectives: { first_answer_p99_ms: "count", full_demotion_ms: "count" },
  owners: [{ contact: "text", name: "text" }],
  steps: [{ command: "text", owner: "text", step_id: "text", title: "text" }],
  triggers: [{ step_id: "text", trigger_id: "text", when: "text" }],
};

export const ROLLBACK_PLAN: DocumentKind<RollbackPlan> = {
  schema: PLAN_SCHEMA,
  name: "rollback plan",
  role: "builder",
  days: 90,
  bound: ["runtime"],
  shape: BODY,
  remedy: "run `cavra runtime go-rollback-plan init FILE`, fill it in, and `cavra runtime go-rollback-plan sign FILE`",
  fault: (plan) => {
    const [first] = planProblems(plan);
    return first === undefined ? "" : `\`${first.at ?? "$"}\`: ${first.message}`;
  },
  outcome: () => [],
};

/** Of a draft as it was read: everything that spec/drills.md 2.2 finds, in its order. None for a plan that can be signed. */
export function draftProblems(value: JsonValue): readonly Problem[] {
  const place = shapeFault(value, { ...BODY, schema_version: { $oneOf: [PLAN_SCHEMA] } });
  if (place !== "") return [problem("plan_malformed", place, "a key is missing, unknown, or of another form")];
  return planProblems(value as unknown as PlanDraft);
}

function planProblems(plan: PlanDraft): readonly Problem[] {
  const bent = limitProblems(plan);
  // Whatever else would be said of a text beyond its limits would be said of a part of it.
  if (bent.length > 0) return bent;
  return [
    ...unfilled(plan),
    ...duplicates(plan),
    ...references(plan),
    ...routeProblems(plan),
    ...rollbackProblems(plan),
    ...faultProblems(plan),
  ];
}

function problem(code: string, at: string, message: string): Problem {
  return { code, message, at };
}

function limitProblems(plan: PlanDraft): readonly Problem[] {
  const lists = [
    ["triggers", plan.triggers, PLAN_STEPS],
    ["steps", plan.steps, PLAN_STEPS],
    ["owners", plan.owners, PLAN_OWNERS],
    ["contact_route", plan.contact_route, PLAN_OWNERS],
  ] as const;
  const counts = lists
    .filter(([, list, most]) => list.length === 0 || list.length > most)
    .map(([key, , most]) => problem("plan_malformed", key, `there are 1 to ${most} of them`));
  const ids = [
    ...plan.triggers.map(({ trigger_id }, i) => [`triggers[${i}].trigger_id`, trigger_id] as const),
    ...plan.steps.map(({ step_id }, i) => [`steps[${i}].step_id`, step_id] as const),
  ];
  const bentIds = ids.filter(([, id]) => !/^[a-z][a-z0-9-]{0,39}$/.test(id)).map(([at]) => problem("plan_malformed", at, "this is no id"));
  const bentTexts = texts(plan)
    .filter(([, text]) => text === "" || Buffer.byteLength(text) > PLAN_TEXT_BYTES)
    .map(([at]) => problem("plan_malformed", at, `a text has 1 to ${PLAN_TEXT_BYTES} bytes`));
  const { first_answer_p99_ms, full_demotion_ms } = plan.objectives;
  const objectives = [
    ...(isWithin(first_answer_p99_ms, FIRST_ANSWER_MS)
      ? []
      : [problem("plan_malformed", "objectives.first_answer_p99_ms", `this is 1 to ${FIRST_ANSWER_MS} ms`)]),
    ...(isWithin(full_demotion_ms, FULL_DEMOTION_MS)
      ? []
      : [problem("plan_malformed", "objectives.full_demotion_ms", `this is 1 to ${FULL_DEMOTION_MS} ms`)]),
  ];
  return [...counts, ...bentIds, ...bentTexts, ...objectives];
}

function isWithin(value: number, most: number): boolean {
  return value >= 1 && value <= most;
}

/** Every text that a person writes, with its place. */
function texts(plan: PlanDraft): readonly (readonly [string, string])[] {
  return [
    ...plan.triggers.map(({ when }, i) => [`triggers[${i}].when`, when] as const),
    ...plan.steps.flatMap(({ title, command, owner }, i) => [
      [`steps[${i}].title`, title] as const,
      [`steps[${i}].command`, command] as const,
      [`steps[${i}].owner`, owner] as const,
    ]),
    ...plan.owners.flatMap(({ name, contact }, i) => [[`owners[${i}].name`, name] as const, [`owners[${i}].contact`, contact] as const]),
    ...plan.contact_route.map(({ owner }, i) => [`contact_route[${i}].owner`, owner] as const),
  ];
}

function unfilled(plan: PlanDraft): readonly Problem[] {
  return texts(plan)
    .filter(([, text]) => text.startsWith("TODO"))
    .map(([at, text]) => problem("plan_unfilled", at, `nobody has filled in \`${text}\``));
}

function duplicates({ triggers, steps, owners }: PlanDraft): readonly Problem[] {
  const named = [
    ["triggers", "trigger_id", triggers.map(({ trigger_id }) => trigger_id)],
    ["steps", "step_id", steps.map(({ step_id }) => step_id)],
    ["owners", "name", owners.map(({ name }) => name)],
  ] as const;
  return named.flatMap(([list, key, names]) =>
    names.flatMap((name, i) =>
      names.indexOf(name) < i ? [problem("plan_duplicate", `${list}[${i}].${key}`, `\`${name}\` stands here twice`)] : [],
    ),
  );
}

function references({ triggers, steps, owners, contact_route }: PlanDraft): readonly Problem[] {
  const stepIds = new Set(steps.map(({ step_id }) => step_id));
  const names = new Set(owners.map(({ name }) => name));
  const unknown = (list: string, given: readonly { readonly owner: string }[]) =>
    given.flatMap(({ owner }, i) =>
      names.has(owner) ? [] : [problem("plan_owner_unknown", `${list}[${i}].owner`, `\`${owner}\` is not among the owners`)],
    );
  return [
    ...triggers.flatMap(({ step_id }, i) =>
      stepIds.has(step_id) ? [] : [problem("plan_step_unknown", `triggers[${i}].step_id`, `there is no step \`${step_id}\``)],
    ),
    ...unknown("steps", steps),
    ...unknown("contact_route", contact_route),
  ];
}

function routeProblems({ contact_route }: PlanDraft): readonly Problem[] {
  const at = contact_route.findIndex(({ after_minutes }, i) => {
    const before = contact_route[i - 1];
    return before === undefined ? after_minutes !== 0 : after_minutes <= before.after_minutes;
  });
  if (at < 0) return [];
  return [problem("plan_route_order", `contact_route[${at}].after_minutes`, "the route begins at 0 minutes, and rises")];
}

const ROLLBACK = "cavra runtime go-rollback";

function rollbackProblems({ steps }: PlanDraft): readonly Problem[] {
  const isRollback = ({ command }: PlanDraft["steps"][number]) => command === ROLLBACK || command.startsWith(`${ROLLBACK} `);
  return steps.some(isRollback) ? [] : [problem("plan_no_rollback", "steps", `no step is \`${ROLLBACK}\``)];
}

function faultProblems({ faults }: PlanDraft): readonly Problem[] {
  const unknown = faults.flatMap((name, i) =>
    isFault(name) ? [] : [problem("plan_fault_unknown", `faults[${i}]`, `\`${name.slice(0, 60)}\` is no fault that is known here`)],
  );
  const disorder = faults.findIndex((name, i) => i > 0 && compareBytes(faults[i - 1] ?? "", name) >= 0);
  const missing = FAULTS_ALWAYS.filter((name) => !faults.includes(name));
  return [
    ...unknown,
    ...(disorder < 0 ? [] : [problem("plan_fault_order", `faults[${disorder}]`, "faults stand once, by byte order")]),
    ...missing.map((name) => problem("plan_fault_missing", "faults", `\`${name}\` must be rehearsed`)),
  ];
}
