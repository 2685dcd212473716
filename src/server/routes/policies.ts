// Policies over HTTP: which there are, what each says, compiled ones for fleets, and what a text would change. Implements spec/service.md section 9.
// INVARIANT: a text in a body is looked at and kept nowhere.

import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { type Result, sha256 } from "../../base/index.js";
import { EVERY_WORKSPACE } from "../../identity/index.js";
import { AS_IT_WAS, addPublished, PROBLEMS_OF_BODY, PROBLEMS_OF_HEAD, refTo, responses } from "../answers.js";
import { NothingSchema } from "../bodies.js";
import { type Caller, callerOf } from "../identity/caller.js";
import type { PoliciesPort } from "../ports/policies.js";
import { given, Refused, refused } from "../problem.js";

const CLOSED = { additionalProperties: false };
const config = { scope: "policies:read" } as const;
const SAMPLES = 100;

const ID = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}$", description: "a policy's id" });
const SOURCE = Type.String({ minLength: 1, maxLength: 262_144, description: "the text of a policy file" });
const ParamsSchema = Type.Object({ id: ID }, CLOSED);
type Params = Static<typeof ParamsSchema>;

const told = {
  id: Type.String(),
  version: Type.String(),
  digest: refTo("record.digest"),
  mode: Type.Enum(["enforce", "audit"]),
  kind: Type.Enum(["host", "pack", "shipped"]),
};
const ListSchema = Type.Object(
  { items: Type.Array(Type.Object(told, CLOSED)), next_cursor: Type.Literal("") },
  { ...CLOSED, $id: "policies_page" },
);
const ReadSchema = Type.Object(
  { ...told, source: Type.String({ description: "empty for the host's default" }) },
  { ...CLOSED, $id: "policy_read" },
);
const BundleSchema = Type.Object(
  {
    ...told,
    policy: Type.Object({}, { additionalProperties: true, description: "compiled, with its catalogue: spec/policy.md" }),
    signature: Type.Union([Type.Null(), Type.String()], { description: "spec/policy.md section 11" }),
  },
  { ...CLOSED, $id: "policy_bundle" },
);

const ValidateBodySchema = Type.Object({ source: SOURCE, layer: Type.Optional(Type.Enum(["host", "workspace"])) }, CLOSED);
const MeantSchema = Type.Union([Type.Object({ id: ID }, CLOSED), Type.Object({ source: SOURCE }, CLOSED)]);
const moment = (description: string) => Type.Optional(Type.String({ maxLength: 24, description }));
const window = {
  since: moment("over what was decided since: a length back from now, a day or a moment in UTC"),
  until: moment("before this time"),
  samples: Type.Optional(Type.Integer({ minimum: 0, maximum: SAMPLES })),
};
const DiffBodySchema = Type.Object({ a: MeantSchema, b: MeantSchema, ...window }, CLOSED);
const SimulateBodySchema = Type.Object({ policy: MeantSchema, ...window }, CLOSED);

export function policyRoutes(app: FastifyInstance, policies: PoliciesPort): void {
  addPublished(app, ["cli.policy_validate", "cli.policy_diff", "cli.policy_simulate"]);
  for (const schema of [ListSchema, ReadSchema, BundleSchema]) app.addSchema(JSON.parse(JSON.stringify(schema)));
  readingRoutes(app, policies);
  bundleRoute(app, policies);
  tryingRoutes(app, policies);
}

function readingRoutes(app: FastifyInstance, policies: PoliciesPort): void {
  const list = {
    operationId: "listPolicies",
    summary: "the policies of this host, and those that ship",
    tags: ["policies"],
    querystring: NothingSchema,
    response: responses({ 200: { description: "all of them", schema: "policies_page" } }, PROBLEMS_OF_HEAD),
  };
  app.get("/v1/policies", { schema: list, config }, async () => ({ items: await policies.list(), next_cursor: "" }));
  const read = {
    operationId: "getPolicy",
    summary: "one policy with its source",
    tags: ["policies"],
    querystring: NothingSchema,
    params: ParamsSchema,
    response: { ...responses({ 200: { description: "the policy", schema: "policy_read" } }, [...PROBLEMS_OF_HEAD, 404]), 304: AS_IT_WAS },
  };
  app.get("/v1/policies/:id", { schema: read, config }, async (request, reply) => {
    const found = given(await policies.read((request.params as Params).id));
    const tag = policyTag(found.digest);
    reply.headers({ etag: tag, "cache-control": "private, no-cache" });
    return request.headers["if-none-match"] === tag ? reply.code(304).send() : found;
  });
}

/** What `If-Match` of a publication names. */
export function policyTag(digest: string): string {
  return `"${digest}"`;
}

function bundleRoute(app: FastifyInstance, policies: PoliciesPort): void {
  const schema = {
    operationId: "getPolicyBundle",
    summary: "one policy compiled, with its signature, for fleets that ask again and again",
    tags: ["policies"],
    querystring: NothingSchema,
    params: ParamsSchema,
    response: {
      ...responses({ 200: { description: "the bundle", schema: "policy_bundle" } }, [...PROBLEMS_OF_HEAD, 404]),
      304: AS_IT_WAS,
    },
  };
  app.get("/v1/policies/:id/bundle", { schema, config }, async (request, reply) => {
    const { compiled, signature, ...about } = given(await policies.bundle((request.params as Params).id));
    // A signature that came later is another bundle.
    const tag = signature === null ? policyTag(about.digest) : `"${about.digest}.${sha256(signature).slice("sha256:".length, 23)}"`;
    reply.headers({ etag: tag, "cache-control": "private, no-cache" });
    if (request.headers["if-none-match"] === tag) return reply.code(304).send();
    const head = JSON.stringify({ ...about, signature }).slice(0, -1);
    // As it is signed: nobody has to write it again to check its digest.
    return reply.type("application/json; charset=utf-8").send(`${head},"policy":${compiled}}`);
  });
}

function tryingRoutes(app: FastifyInstance, policies: PoliciesPort): void {
  const trying = (operationId: string, summary: string, body: object, schema: string, problems: readonly number[]) => ({
    operationId,
    summary,
    tags: ["policies"],
    querystring: NothingSchema,
    body,
    response: responses({ 200: { description: "as the command's `--json`", schema } }, problems),
  });
  const validate = trying(
    "validatePolicy",
    "what is wrong with a text, and what will not do what its author thinks",
    ValidateBodySchema,
    "cli.policy_validate",
    PROBLEMS_OF_BODY,
  );
  app.post("/v1/policies::validate", { schema: validate, config }, async (request) => {
    const { source, layer = "host" } = request.body as Static<typeof ValidateBodySchema>;
    return policies.validate(source, layer);
  });
  const judging = [...PROBLEMS_OF_BODY, 404, 422];
  const diff = trying("diffPolicies", "what is stricter, milder, new or gone in b", DiffBodySchema, "cli.policy_diff", judging);
  app.post("/v1/policies::diff", { schema: diff, config }, async (request) => {
    const { a, b, ...replay } = request.body as Static<typeof DiffBodySchema>;
    if (replay.since !== undefined || replay.until !== undefined) forEveryWorkspace(callerOf(request));
    return judged(await policies.diff(a, b, replay));
  });
  const simulate = trying(
    "simulatePolicy",
    "what a policy would have answered to what was decided",
    SimulateBodySchema,
    "cli.policy_simulate",
    judging,
  );
  app.post("/v1/policies::simulate", { schema: simulate, config }, async (request) => {
    const { policy, ...replay } = request.body as Static<typeof SimulateBodySchema>;
    forEveryWorkspace(callerOf(request));
    return judged(await policies.simulate(policy, replay));
  });
}

/** What was decided elsewhere would be told of in samples and sums. */
function forEveryWorkspace({ workspaces }: Caller): void {
  if (workspaces.includes(EVERY_WORKSPACE)) return;
  throw refused({ code: "scope_missing", message: "judging again what was decided needs a token for every workspace" });
}

/** A policy that came in the body is the caller's; the same code of the one in force would be of the world. */
function judged<T>(found: Result<T>): T {
  if (!found.ok && found.problem.code === "policy_invalid") throw new Refused(found.problem, 422);
  return given(found);
}
