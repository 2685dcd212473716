// The schemas of trust documents, envelopes and reveals: what the vectors accept fits them, and what has another shape does not.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parseEnvelope, parseReveal, parseTrust } from "../../src/evidence/index.js";

const SPEC = join(import.meta.dirname, "../../spec");
const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true });
for (const name of ["trust", "dsse-envelope", "reveal"]) {
  ajv.addSchema(JSON.parse(readFileSync(join(SPEC, `schema/${name}.schema.json`), "utf8")), name);
}

interface Vector {
  readonly input: { readonly chain?: readonly string[]; readonly reveal?: string };
}

function vectors(area: string): readonly Vector[] {
  const folder = join(SPEC, "vectors", area);
  const names = readdirSync(folder).filter((name) => name !== "manifest.json");
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Vector);
}

const envelopes = vectors("trust").flatMap(({ input }) => input.chain ?? []);
const reveals = vectors("reveal").flatMap(({ input }) => input.reveal ?? []);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("schemas of trust", () => {
  it("fit every envelope and every document that is read", () => {
    const read = envelopes.flatMap((text) => {
      const envelope = parseEnvelope(text);
      return envelope.ok ? [{ text, payload: Buffer.from(envelope.value.payload).toString("latin1") }] : [];
    });
    expect(read.length).toBeGreaterThan(70);
    for (const { text, payload } of read) {
      expect(ajv.validate("dsse-envelope", JSON.parse(text)), text).toBe(true);
      if (parseTrust(payload).ok) expect(ajv.validate("trust", JSON.parse(payload)), payload).toBe(true);
    }
  });

  it("refuse most malformed documents; the others take more than a schema", () => {
    const malformed = envelopes.flatMap((text) => {
      const envelope = parseEnvelope(text);
      const payload = envelope.ok ? Buffer.from(envelope.value.payload).toString("latin1") : "";
      return payload !== "" && !parseTrust(payload).ok ? [payload] : [];
    });
    const refused = malformed.filter((payload) => !isJson(payload) || !ajv.validate("trust", JSON.parse(payload)));
    expect(malformed.length).toBeGreaterThan(30);
    expect(refused.length).toBeGreaterThan(malformed.length / 2);
  });

  it("fit every reveal that is read, and no other", () => {
    expect(reveals.length).toBeGreaterThan(7);
    for (const text of reveals) {
      // That the span is as long as the value, no schema can say.
      const isRead = parseReveal(text).ok || text.includes('"end":25');
      expect(ajv.validate("reveal", JSON.parse(text)), text).toBe(isRead);
    }
  });
});
