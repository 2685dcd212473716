// Evidence over HTTP: proofs, the signed head, tiles, consistency, keys, bundles. Implements spec/service.md 7.5 and section 11.
// INVARIANT: what leaves is what `cavra evidence` writes, byte for byte: nobody has to trust the server to believe it.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { bad, ok, type Result, sha256, VERDICTS } from "../../base/index.js";
import { ACTION_TYPES } from "../../change/index.js";
import { TILE_WIDTH, tilePath } from "../../evidence/index.js";
import { AS_IT_WAS, BYTES, PROBLEMS_OF_BODY, PROBLEMS_OF_HEAD, responses, TEXT } from "../answers.js";
import { type DecisionParams, DecisionParamsSchema, moment, NothingSchema, text } from "../bodies.js";
import { type Caller, callerOf } from "../identity/caller.js";
import type { EvidencePort, TilePlace } from "../ports/evidence.js";
import { given, refused } from "../problem.js";

const CLOSED = { additionalProperties: false };
const SAFE = Number.MAX_SAFE_INTEGER;

/** A larger bundle is made by `cavra evidence bundle`: nobody else's answer waits for it there. */
export const BUNDLE_RECORDS_OVER_HTTP = 4_096;

const RECORD_ID = "^[a-z]{2,4}_[0-7][0-9a-hjkmnp-tv-z]{25}$";

const BundleBodySchema = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.String({ pattern: RECORD_ID }), { minItems: 1, maxItems: BUNDLE_RECORDS_OVER_HTTP })),
    decision: Type.Optional(Type.Enum([...VERDICTS])),
    agent: text("only this agent's"),
    session: text("only this session's"),
    rule: text("only those that this rule decided"),
    repository: text("only this repository's, named as the records name it"),
    action_type: Type.Optional(Type.Enum([...ACTION_TYPES])),
    since: moment("from this time on: a day or a moment in UTC"),
    until: moment("before this time"),
  },
  { ...CLOSED, description: "`ids` alone, or filters; nothing is every record" },
);
type BundleBody = Static<typeof BundleBodySchema>;

const ConsistencyQuerySchema = Type.Object(
  {
    from: Type.Integer({ minimum: 0, maximum: SAFE, description: "records of the older head" }),
    to: Type.Optional(Type.Integer({ minimum: 0, maximum: SAFE, description: "records of the newer one; without it, of the newest" })),
  },
  CLOSED,
);

const size = Type.Integer({ minimum: 0, maximum: SAFE });
const ConsistencySchema = Type.Object(
  { from: size, to: size, proof: Type.Array(Type.String(), { maxItems: 54, description: "hashes, each base64 of 32 bytes" }) },
  { ...CLOSED, $id: "consistency" },
);

const LIST = { tags: ["evidence"], querystring: NothingSchema };
const config = { scope: "evidence:read" } as const;

type EvidenceFor = (caller: Caller) => EvidencePort;

export function evidenceRoutes(app: FastifyInstance, evidenceFor: EvidenceFor): void {
  app.addSchema(JSON.parse(JSON.stringify(ConsistencySchema)));
  proofRoute(app, evidenceFor);
  headRoutes(app, evidenceFor);
  tileRoutes(app, evidenceFor);
  bundleRoute(app, evidenceFor);
}

function proofRoute(app: FastifyInstance, evidenceFor: EvidenceFor): void {
  const schema = {
    ...LIST,
    operationId: "getProof",
    summary: "the proof that one record is in the ledger, as `cavra evidence proof` writes it",
    params: DecisionParamsSchema,
    response: responses({ 200: { description: "C2SP tlog-proof", ...TEXT } }, [...PROBLEMS_OF_HEAD, 404]),
  };
  app.get("/v1/decisions/:decision_id/proof", { schema, config }, async (request, reply) =>
    sendText(reply, given(await evidenceFor(callerOf(request)).proof((request.params as DecisionParams).decision_id))),
  );
}

function headRoutes(app: FastifyInstance, evidenceFor: EvidenceFor): void {
  const changing = (description: string) => ({
    ...responses({ 200: { description, ...TEXT } }, PROBLEMS_OF_HEAD),
    304: AS_IT_WAS,
  });
  const checkpoint = {
    ...LIST,
    operationId: "getCheckpoint",
    summary: "the newest signed head",
    response: changing("a signed note of C2SP tlog-checkpoint"),
  };
  app.get("/v1/evidence/checkpoint", { schema: checkpoint, config }, async (request, reply) =>
    unlessKnown(request, reply, await evidenceFor(callerOf(request)).checkpoint()),
  );
  const trust = {
    ...LIST,
    operationId: "getTrust",
    summary: "the trust documents, oldest first",
    response: changing("envelopes, a line each, as `cavra evidence export` writes them"),
  };
  app.get("/v1/evidence/trust", { schema: trust, config }, async (request, reply) =>
    unlessKnown(request, reply, await evidenceFor(callerOf(request)).trust()),
  );
  const consistency = {
    operationId: "getConsistency",
    summary: "the proof that a newer head continues an older one",
    tags: ["evidence"],
    querystring: ConsistencyQuerySchema,
    response: responses({ 200: { description: "RFC 6962 section 2.1.2", schema: "consistency" } }, PROBLEMS_OF_HEAD),
  };
  app.get("/v1/evidence/consistency", { schema: consistency, config }, async (request) => {
    const { from, to } = request.query as Static<typeof ConsistencyQuerySchema>;
    return given(await evidenceFor(callerOf(request)).consistency(from, to ?? null));
  });
}

/** Groups of three digits, and two more parts for a partial one: so many parts behind the level have the first 10^9 tiles of each. */
const TILE_PARTS = 4;

function tileRoutes(app: FastifyInstance, evidenceFor: EvidenceFor): void {
  for (let parts = 1; parts <= TILE_PARTS; parts++) {
    const names = Array.from({ length: parts }, (_, at) => `part_${at + 1}`);
    const part = Type.String({ pattern: "^(x?[0-9]{3}|[0-9]{3}[.]p|[1-9][0-9]{0,2})$" });
    const schema = {
      ...LIST,
      operationId: `getTile${parts}`,
      summary: `a tile whose name has ${parts === 1 ? "one part" : `${parts} parts`} behind its level`,
      params: Type.Object(
        { level: Type.String({ pattern: "^[0-6]$" }), ...Object.fromEntries(names.map((name) => [name, part])) },
        { additionalProperties: false },
      ),
      response: { ...responses({ 200: { description: "C2SP tlog-tiles", ...BYTES } }, [...PROBLEMS_OF_HEAD, 404]), 304: AS_IT_WAS },
    };
    app.get(`/v1/evidence/tile/:level/${names.map((name) => `:${name}`).join("/")}`, { schema, config }, async (request, reply) => {
      const params = request.params as Readonly<Record<string, string>>;
      const place = given(placeOf(Number(params.level), names.map((name) => params[name] ?? "").join("/")));
      const bytes = Buffer.from(given(await evidenceFor(callerOf(request)).tile(place)));
      const tag = `"${sha256(bytes)}"`;
      reply.headers({ etag: tag, "cache-control": "private, immutable, max-age=31536000" });
      if (request.headers["if-none-match"] === tag) return reply.code(304).send();
      return reply.type("application/octet-stream").send(bytes);
    });
  }
}

/** The tile of a name; any other writing of it is none. Problem: `bad_id`. */
function placeOf(level: number, name: string): Result<TilePlace> {
  const [whole = "", partial] = name.split(".p/");
  const n = Number(whole.replaceAll(/[x/]/g, ""));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const isOne = Number.isSafeInteger(n) && width >= 1 && width <= TILE_WIDTH && tilePath(level, n, width) === `tile/${level}/${name}`;
  return isOne ? ok({ level, n, width }) : bad("bad_id", "that is no name of a tile", { at: "tile" });
}

function bundleRoute(app: FastifyInstance, evidenceFor: EvidenceFor): void {
  const schema = {
    ...LIST,
    operationId: "makeBundle",
    summary: `records, their proof and the keys in one file, as \`cavra evidence bundle\` writes it; at most ${BUNDLE_RECORDS_OVER_HTTP} records`,
    body: BundleBodySchema,
    response: responses({ 200: { description: "a bundle", ...TEXT } }, [...PROBLEMS_OF_BODY, 404, 422]),
  };
  app.post("/v1/evidence/bundles", { schema, config }, async (request, reply) => {
    const chosen = request.body as BundleBody;
    if (chosen.ids !== undefined && Object.keys(chosen).length > 1)
      throw refused({ code: "bad_value", message: "`ids` stands alone", at: "/ids" });
    return sendText(reply, given(await evidenceFor(callerOf(request)).bundle(chosen, BUNDLE_RECORDS_OVER_HTTP)));
  });
}

function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("text/plain; charset=utf-8").send(text);
}

function unlessKnown(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const tag = `"${sha256(text)}"`;
  reply.headers({ etag: tag, "cache-control": "private, no-cache" });
  return request.headers["if-none-match"] === tag ? reply.code(304).send() : sendText(reply, text);
}
