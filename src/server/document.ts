// `GET /openapi.json`: the document of this very server, made from the schemas that it checks with. Implements spec/service.md section 14.

import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { sha256 } from "../base/index.js";
import { AS_IT_WAS, answerSchemas, PROBLEMS_OF_HEAD, responses } from "./answers.js";
import { NothingSchema } from "./bodies.js";
import { SECURITY_SCHEMES } from "./identity/guard.js";
import { type Documented, PAGE_POLICY, referencePage } from "./reference/page.js";

const ABOUT =
  "The runtime authority for AI coding agents over HTTP. Every decision is recorded before it is answered. The law is spec/service.md.";

const TAGS = [
  { name: "decisions", description: "asking for decisions, and reading those that were made" },
  { name: "reports", description: "the second engine: is it ready, and may it be selected" },
  { name: "evidence", description: "heads, proofs, tiles, keys and bundles: what strangers verify without asking us" },
  { name: "notices", description: "drills that are due: who is told, what became of it" },
  { name: "policies", description: "what judges: read, compare, try, fetch" },
  { name: "approvals", description: "what persons are asked, and the answers that they signed" },
  { name: "service", description: "the server itself" },
];

/** Called before the routes, which it hears of as they are added. */
export async function describe(app: FastifyInstance, version: string): Promise<void> {
  for (const schema of answerSchemas()) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "CAVRA", version, description: ABOUT, license: { name: "Apache-2.0" } },
      tags: TAGS,
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, at) => (typeof $id === "string" ? $id : `schema_${at}`) },
    convertConstToEnum: false,
  });
  let known: { readonly text: string; readonly tag: string } | null = null;
  const documented = () => {
    const text = JSON.stringify(app.swagger());
    return { text, tag: `"${sha256(text)}"` };
  };
  const schema = {
    operationId: "getDocument",
    summary: "this document",
    tags: ["service"],
    querystring: NothingSchema,
    response: {
      ...responses({}, PROBLEMS_OF_HEAD),
      200: { description: "OpenAPI 3.1", content: { "application/json": { schema: { type: "object" } } } },
      304: { description: "as it was", type: "null" },
    },
  };
  app.get("/openapi.json", { schema, config: { scope: null } }, async (request, reply) => {
    known ??= documented();
    reply.headers({ etag: known.tag, "cache-control": "no-cache" });
    if (request.headers["if-none-match"] === known.tag) return reply.code(304).send();
    return reply.type("application/json").send(known.text);
  });
  referenceRoute(app);
}

/** `GET /docs`: the document for people, made of the same one. */
function referenceRoute(app: FastifyInstance): void {
  let page: { readonly html: string; readonly tag: string } | null = null;
  const made = () => {
    const html = referencePage(app.swagger() as unknown as Documented);
    return { html, tag: `"${sha256(html)}"` };
  };
  const schema = {
    operationId: "getReference",
    summary: "this document as a page, with nothing from elsewhere",
    tags: ["service"],
    querystring: NothingSchema,
    response: {
      ...responses({ 200: { description: "HTML", type: "text/html", schema: { type: "string" } } }, PROBLEMS_OF_HEAD),
      304: AS_IT_WAS,
    },
  };
  app.get("/docs", { schema, config: { scope: null } }, async (request, reply) => {
    page ??= made();
    reply.headers({ etag: page.tag, "cache-control": "no-cache", "content-security-policy": PAGE_POLICY });
    if (request.headers["if-none-match"] === page.tag) return reply.code(304).send();
    return reply.type("text/html; charset=utf-8").send(page.html);
  });
}
