// The document is of the running server, and the reports are the commands' own. Proves spec/service.md sections 6 and 14; every answer is held against it.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cavraJson, type Scratch, scratch } from "../cli/program.js";
import { type Ask, documented, type Server, send, startServer } from "./server.js";

let place: Scratch;
let server: Server;
let ask: Ask;
let document: ReturnType<typeof JSON.parse>;
beforeAll(async () => {
  place = scratch();
  server = await startServer(place);
  ({ ask, document } = await documented(server));
});
afterAll(() => server.stop());

const REPORTS = [
  ["readiness", "go-pilot-readiness"],
  ["promotion-readiness", "go-promotion-readiness"],
  ["deployment-readiness", "go-deployment-readiness"],
  ["rollback-readiness", "go-rollback-readiness"],
  ["rollback-rehearsal", "go-rollback-rehearsal"],
  ["rollback-drills", "go-rollback-drills"],
  ["rollback-drill-schedule", "go-rollback-drill-schedule"],
] as const;

describe("the document", () => {
  it("has the routes that docs/service.md has, each with an operation of its own", () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as object).map(([method, { operationId }]) => [`${method.toUpperCase()} ${path}`, operationId] as const),
    );
    // One table for people: what stands there is what the server has, and the other way round.
    const page = readFileSync(join(import.meta.dirname, "../../docs/service.md"), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    const told = rows.flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`([A-Z]+ \/[^`]*)`/g)].map((found) => found[1] ?? ""));
    expect(operations.map(([route]) => route).sort()).toEqual([...told].sort());
    expect(new Set(operations.map(([, id]) => id)).size).toBe(operations.length);
  });

  it("has no route that the server does not answer", async () => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const method of Object.keys(methods as object)) {
        const { value } = await send(server, method.toUpperCase(), `${path.replaceAll(/\{[a-z_0-9]+\}/g, "x")}?nobody-knows-it`);
        expect(["route_not_found", "method_not_allowed"], `${method} ${path}`).not.toContain(value?.code);
      }
  });

  it("refers to nothing that it does not have", () => {
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((found) => found[1] ?? "");
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
    expect(JSON.stringify(document)).not.toMatch(/"\$(id|defs)":/);
  });

  it("is OpenAPI 3.1, the same each time, and not sent again to who has it", async () => {
    expect(document.openapi).toBe("3.1.0");
    const { headers, text } = await ask("GET", "/openapi.json");
    expect((await ask("GET", "/openapi.json")).text).toBe(text);
    expect((await ask("GET", "/openapi.json", { headers: { "if-none-match": String(headers.etag) } })).status).toBe(304);
  });

  it("is a page too: every operation and schema, every link to something on it, nothing from elsewhere", async () => {
    const { status, text, headers } = await ask("GET", "/docs");
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map((found) => found[1] ?? "");
    expect(new Set(ids).size).toBe(ids.length);
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods as object).map((one) => one.operationId));
    const wanted = [...operations, ...Object.keys(document.components.schemas).map((name) => `schema-${name}`)];
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
    const links = [...text.matchAll(/ href="([^"]+)"/g)].map((found) => found[1] ?? "");
    expect(links.filter((link) => link !== "openapi.json" && !ids.includes(link.slice(1)))).toEqual([]);
    expect(text).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|@import|url\(/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? "";
    const digest = createHash("sha256").update(style).digest("base64");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect((await ask("GET", "/docs", { headers: { "if-none-match": String(headers.etag) } })).status).toBe(304);
  });

  it("has every code of problems in the law, and the law every code of the server's", () => {
    const law = readFileSync(join(import.meta.dirname, "../../spec/service.md"), "utf8");
    const table = readFileSync(join(import.meta.dirname, "../../src/server/status.ts"), "utf8");
    const codes = [...table.matchAll(/"([a-z]+(?:_[a-z]+)+|stopping|overloaded)"/g)].map((found) => found[1] ?? "");
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !law.includes(`\`${code}\``))).toEqual([]);
  });
});

describe("a report", () => {
  it.each(REPORTS)("`%s` is what `cavra runtime %s` prints", async (name, command) => {
    const [over, own] = [await ask("GET", `/runtime/go-pilot/${name}`), await cavraJson(place, ["runtime", command])];
    expect(over.status).toBe(200);
    expect(withoutMoment(over.value)).toEqual(withoutMoment(own.value));
  });

  it("is made once for all who ask for it at a time", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask("GET", "/runtime/go-pilot/deployment-readiness")));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it("of a mode that is none is a problem of the server's, and decisions are made all the same", async () => {
    const other = scratch();
    const odd = await startServer(other, [], {
      CAVRA_GO_BACKEND_MODE: "disabled",
      CAVRA_GO_BACKEND_DEADLINE_MS: "250",
      CAVRA_GO_LEASE_MS: "",
    });
    try {
      const { ask: asked } = await documented(odd);
      expect((await asked("GET", "/runtime/go-pilot/readiness")).value.status).toBe("disabled");
    } finally {
      await odd.stop();
    }
  });
});

describe("POST /runtime/go-pilot/evaluate", () => {
  it("decides, records, and says that TypeScript answered", async () => {
    const body = { action_type: "execute_command", target: "cat .env", cwd: place.repository };
    const { status, value } = await ask("POST", "/runtime/go-pilot/evaluate", { body });
    expect([status, value.backend_mode, value.selected_backend, value.effective_decision]).toEqual([200, "disabled", "typescript", "deny"]);
    expect((await ask("GET", `/v1/decisions/${value.decision.decision_id}`)).value.record.decision).toBe("deny");
  });
});

/** A report says when it was made. */
function withoutMoment({ at: _at, ...report }: Readonly<Record<string, unknown>>): object {
  return report;
}
