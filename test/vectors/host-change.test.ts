// spec/vectors/host-change: the record of a change of the guard, its bytes, and what is refused. The digests were checked by another program.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { buildHostChange, type HostChange, type HostChangeInput } from "../../src/evidence/index.js";
import { readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly note: string;
  /** `reason_parts` keeps what looks like a secret out of this file. */
  readonly input: Omit<HostChangeInput, "recordId"> & { readonly record_id: string; readonly reason_parts?: readonly string[] };
  readonly expect: { readonly record?: HostChange; readonly digest?: string; readonly code?: string };
}

const SCHEMAS = join(import.meta.dirname, "../../spec/schema");
const ajv = new Ajv2020({ strict: false });
for (const name of ["host-settings", "host-change"])
  ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, `${name}.schema.json`), "utf8")), name);

describe("vectors: host-change", () => {
  for (const { id, note, input, expect: expected } of readCases<Case>("host-change")) {
    test(`${id} ${note}`, () => {
      const { record_id, reason_parts, reason, ...rest } = input;
      const built = buildHostChange({ recordId: record_id, ...rest, reason: reason_parts?.join("") ?? reason });
      if (!built.ok) {
        expect({ code: built.problem.code }).toEqual(expected);
        return;
      }
      expect({ record: built.value.record, digest: built.value.digest }).toEqual(expected);
      expect(ajv.validate("host-change", built.value.record) || ajv.errors).toBe(true);
    });
  }
});
