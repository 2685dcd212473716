// The hold and the lease of the second engine over HTTP. Implements spec/service.md section 12.
// INVARIANT: a hold is set here and never lifted: that takes a person at a terminal.

import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { addPublished, PROBLEMS_OF_BODY, PROBLEMS_OF_HEAD, responses } from "../answers.js";
import { NothingSchema } from "../bodies.js";
import { callerOf } from "../identity/caller.js";
import type { HoldsPort } from "../ports/holds.js";
import { given } from "../problem.js";

const PREFIX = "/runtime/go-pilot";
const CLOSED = { additionalProperties: false };
const READ = { config: { scope: "runtime:read" } } as const;

const HoldBodySchema = Type.Object({ reason: Type.String({ description: "why, in the caller's own words" }) }, CLOSED);

const LeaseSchema = Type.Object(
  {
    held: Type.Boolean({ description: "a hold stands: no lease is given" }),
    purpose: Type.Enum(["production", "rehearsal"]),
    leases: Type.Array(
      Type.Object(
        {
          policy_digest: Type.String(),
          lease_id: Type.String({ description: "empty where none is live" }),
          expires_at: Type.String(),
          gate: Type.String({ description: "what the gate said last" }),
        },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, $id: "lease_told" },
);

export function holdRoutes(app: FastifyInstance, holds: HoldsPort): void {
  addPublished(app, ["cli.go_hold_list", "cli.go_rollback"]);
  app.addSchema(JSON.parse(JSON.stringify(LeaseSchema)));
  const about = { tags: ["reports"], querystring: NothingSchema };
  const list = {
    ...about,
    operationId: "getHold",
    summary: "the hold that stands, and those that were lifted",
    response: responses({ 200: { description: "as `cavra runtime go-hold list --json`", schema: "cli.go_hold_list" } }, PROBLEMS_OF_HEAD),
  };
  app.get(`${PREFIX}/hold`, { schema: list, ...READ }, async () => holds.holds());
  const set = {
    ...about,
    operationId: "setHold",
    summary: "TypeScript answers from now on; only a person at a terminal lifts it",
    body: HoldBodySchema,
    response: responses({ 200: { description: "the hold that stands", schema: "cli.go_rollback" } }, PROBLEMS_OF_BODY),
  };
  app.post(`${PREFIX}/hold`, { schema: set, config: { scope: "runtime:operate" } }, async (request) =>
    given(await holds.hold((request.body as Static<typeof HoldBodySchema>).reason, callerOf(request).name)),
  );
  const lease = {
    ...about,
    operationId: "getLease",
    summary: "the leases of this authority: what lets the second engine answer now",
    response: responses({ 200: { description: "its leases", schema: "lease_told" } }, PROBLEMS_OF_HEAD),
  };
  app.get(`${PREFIX}/lease`, { schema: lease, ...READ }, async () => holds.lease());
}
