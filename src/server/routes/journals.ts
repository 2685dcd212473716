// Journals of other machines, as they stand on their disks. Implements spec/service.md 11.3.
// INVARIANT: a journal with one frame that is not whole is refused whole: who pushes has the frames, and pushes them again.

import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { scanFrames } from "../../evidence/index.js";
import { PROBLEMS_OF_BODY, responses } from "../answers.js";
import { NothingSchema } from "../bodies.js";
import { callerOf } from "../identity/caller.js";
import type { JournalsPort, PushedFrame } from "../ports/journals.js";
import { refused } from "../problem.js";

const CLOSED = { additionalProperties: false };
const JOURNAL_BYTES = 16_777_216;
const JOURNAL_TYPE = "application/vnd.cavra.journal";

const TakenSchema = Type.Object(
  {
    taken: Type.Integer({ minimum: 0, description: "in the ledger since now, and durable" }),
    known: Type.Integer({ minimum: 0, description: "were there already, byte for byte" }),
    refused: Type.Array(Type.Object({ record_id: Type.String(), code: Type.Enum(["record_differs", "record_foreign"]) }, CLOSED)),
  },
  { ...CLOSED, $id: "journals_taken" },
);

export function journalRoutes(app: FastifyInstance, journals: JournalsPort): void {
  app.addSchema(JSON.parse(JSON.stringify(TakenSchema)));
  const schema = {
    operationId: "pushJournal",
    summary: "take in records of another machine, once each by their id",
    tags: ["evidence"],
    querystring: NothingSchema,
    body: { content: { [JOURNAL_TYPE]: { schema: { description: "whole frames: spec/record.md section 7" } } } },
    response: responses({ 200: { description: "what became of them", schema: "journals_taken" } }, PROBLEMS_OF_BODY),
  };
  // Within, so that this one route takes this one type, and no other route does.
  app.register(async (inner) => {
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser<Buffer>(JOURNAL_TYPE, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    inner.post("/v1/journals", { schema, config: { scope: "journals:push" }, bodyLimit: JOURNAL_BYTES }, async (request) =>
      journals.take(framesOf(request.body as Buffer), callerOf(request)),
    );
  });
}

/** Problems: `body_missing`, `bad_journal`. */
function framesOf(body: Buffer): readonly PushedFrame[] {
  if (body.length === 0) throw refused({ code: "body_missing", message: "the body is empty" });
  return scanFrames(body, 0, true).items.map((item) => {
    if (item.kind === "record") return item;
    throw refused({ code: "bad_journal", message: `a frame is not whole (${item.code})`, at: `byte ${item.offset}` });
  });
}
