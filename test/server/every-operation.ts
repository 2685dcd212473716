// Every operation that a running server's own document names, with a request for each: what later routes are tried with by themselves.
// A route whose body must say something to come further than its schema has an entry in BODIES; without one it is asked with `{}`.

import type { Asked } from "./server.js";

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** As the document has it, and with its parameters filled. */
  readonly template: string;
  readonly path: string;
  /** Null for what is open to all. */
  readonly scope: string | null;
  /** JSON. */
  readonly takesBody: boolean;
  readonly tags: readonly string[];
}

type Filling = Readonly<Record<string, string>>;

/** By the name of a parameter, or by what stands before it and its name. */
const FILLING: Filling = {
  decision_id: "dec_00000000000000000000000000",
  "policies/id": "cavra-ai-agent-baseline",
  "approvals/id": "apr_00000000000000000000000000",
  schedule_id: "sch_00000000000000000000000000",
  level: "0",
  part_1: "000",
  part_2: "000",
  part_3: "000",
  part_4: "000",
};

interface Described {
  readonly operationId: string;
  readonly security?: readonly { readonly token: readonly string[] }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> };
  readonly tags?: readonly string[];
}

/** In the document's order; a parameter that nobody filled is `x`. */
export function operationsOf(document: { readonly paths: Readonly<Record<string, object>> }, filling: Filling = {}): readonly Operation[] {
  const filled = { ...FILLING, ...filling };
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods as Readonly<Record<string, Described>>).map(([method, { operationId, security, requestBody, tags = [] }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      template,
      path: template.replace(
        /(\w+)\/\{(\w+)\}/g,
        (_, before: string, name: string) => `${before}/${filled[`${before}/${name}`] ?? filled[name] ?? "x"}`,
      ),
      scope: security?.[0]?.token[0] ?? null,
      takesBody: requestBody?.content["application/json"] !== undefined,
      tags,
    })),
  );
}

/** Bodies that a schema lets through, by operation. `cwd` is the folder of an action, `id` a decision that is on record. */
export const BODIES: Readonly<Record<string, (about: { readonly cwd: string; readonly id: string }) => object>> = {
  decide: ({ cwd }) => ({ action_type: "execute_command", target: "ls", cwd }),
  decideBatch: ({ cwd }) => ({ actions: [{ action_type: "execute_command", target: "ls", cwd }] }),
  evaluateBeside: ({ cwd }) => ({ action_type: "execute_command", target: "ls", cwd }),
  makeBundle: ({ id }) => ({ ids: [id] }),
  askApproval: () => ({ documents: [{ kind: "go_parity_report", digest: `sha256:${"0".repeat(64)}` }], reason: "to be let through" }),
  answerApproval: () => ({ envelope: "{}" }),
  setHold: () => ({ reason: "a test" }),
  diffPolicies: () => ({ a: { id: "cavra-strict" }, b: { id: "cavra-ai-agent-baseline" }, since: "1h" }),
  simulatePolicy: () => ({ policy: { id: "cavra-strict" } }),
  validatePolicy: () => ({ source: "schema_version: nothing\n" }),
};

export function askedOf(operation: Operation, headers: Readonly<Record<string, string>>, body: object = {}): Asked {
  return operation.takesBody ? { headers, body } : { headers };
}
