// `GET /v1/decisions/stream`: decisions as they come, as server-sent events. Implements spec/service.md section 8.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { VERDICTS } from "../../base/index.js";
import { ACTION_TYPES } from "../../change/index.js";
import { PROBLEMS_OF_HEAD, responses } from "../answers.js";
import { text, wordsOf } from "../bodies.js";
import { callerOf } from "../identity/caller.js";
import { given, refused } from "../problem.js";
import type { Service } from "../service.js";
import { openReader } from "../stream/reader.js";
import { MOST_STREAMS, newStreams } from "../stream/streams.js";
import type { Wanted } from "../stream/wanted.js";

const StreamQuerySchema = Type.Object(
  {
    decision: Type.Optional(Type.Enum([...VERDICTS], { description: "only these verdicts" })),
    agent: text("only this agent's"),
    session: text("only this session's"),
    rule: text("only those that this rule decided"),
    repository: text("only this repository's, named as the records name it"),
    action_type: Type.Optional(Type.Enum([...ACTION_TYPES], { description: "only these actions" })),
    words: Type.Optional(Type.String({ maxLength: 2_048, description: "what a record must hold: words with blanks between, at most 8" })),
    after: Type.Optional(
      Type.Integer({
        minimum: -1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "go on behind this index, for those who cannot set `Last-Event-ID`; -1 from the first on",
      }),
    ),
  },
  { additionalProperties: false },
);
type StreamQuery = Static<typeof StreamQuerySchema>;

const SCOPE = "decisions:read";
const OVERLOADED = refused({ code: "overloaded", message: `${MOST_STREAMS} streams are open already` });

export function streamRoute(app: FastifyInstance, service: Service): void {
  const streams = newStreams({
    following: async ({ filter, words, workspaces }, after, limit) => {
      const page = await service.following({ filter, words, after, limit }, workspaces);
      return given(page);
    },
  });
  app.decorate("streams", streams);
  app.addHook("preClose", async () => streams.close());
  const schema = {
    operationId: "streamDecisions",
    summary: "decisions as they come; it ends with an event `bye`, or `behind` for who reads too slowly",
    tags: ["decisions"],
    querystring: StreamQuerySchema,
    response: responses(
      { 200: { description: "server-sent events", type: "text/event-stream", schema: { type: "string" } } },
      PROBLEMS_OF_HEAD,
    ),
  };
  app.get("/v1/decisions/stream", { schema, config: { scope: SCOPE } }, async (request, reply) => {
    const { after: asked, words, ...filter } = request.query as StreamQuery;
    const wanted: Wanted = { filter, words: given(wordsOf(words)), workspaces: callerOf(request).workspaces };
    const after = lastEventId(request) ?? asked ?? null;
    if (streams.count() >= MOST_STREAMS) throw OVERLOADED;
    const { size } = given(await service.following({ filter: {}, words: [], after: Number.MAX_SAFE_INTEGER, limit: 1 }, wanted.workspaces));
    if (after !== null && after >= size)
      throw refused({ code: "bad_parameter", message: "there is no such index yet", at: "Last-Event-ID" });
    if (request.method === "HEAD") return reply.type("text/event-stream").send();
    const reader = openReader(begun(reply));
    streams.open({ reader, wanted, next: after === null ? size : after + 1, size, mayStill: () => app.isStillKnown(request, SCOPE) });
    return reply;
  });
}

declare module "fastify" {
  interface FastifyInstance {
    streams: ReturnType<typeof newStreams>;
  }
}

/** What comes from here on is ours to write; a stream is no request that waits. */
function begun(reply: FastifyReply) {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.setHeader("content-type", "text/event-stream");
  raw.writeHead(200);
  raw.flushHeaders();
  raw.emit("streaming");
  return raw;
}

/** A browser says with it what it had last. Throws `bad_parameter`. */
function lastEventId({ headers }: FastifyRequest): number | null {
  const said = headers["last-event-id"];
  if (said === undefined) return null;
  if (typeof said === "string" && /^(0|[1-9][0-9]{0,15})$/.test(said) && Number.isSafeInteger(Number(said))) return Number(said);
  throw refused({ code: "bad_parameter", message: "`Last-Event-ID` is no index", at: "Last-Event-ID" });
}
