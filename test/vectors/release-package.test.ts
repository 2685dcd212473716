// spec/vectors/release-package: the texts in a package that say what its binaries are, read and refused. They were written by another program than the one that reads them.

import { expect } from "vitest";
import type { Result } from "../../src/base/index.js";
import { type Binaries, checkSbom, parseManifest, parseProvenance, parseSums } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly call: "sums" | "manifest" | "provenance" | "sbom";
  readonly input: { readonly text: string; readonly binaries: Binaries };
  readonly expect: unknown;
}

runArea<Vector>("release-package", "promotion.md", (vector) => expect(answer(vector)).toEqual(vector.expect));

function answer({ call, input: { text, binaries } }: Vector): unknown {
  switch (call) {
    case "sums":
      return told(parseSums(text), (read) => ({ binaries: read }));
    case "manifest":
      return told(parseManifest(text), ({ package_id, deployments }) => ({ package_id, deployments: deployments.length }));
    case "provenance":
      return told(parseProvenance(text, binaries), (facts) => facts);
    case "sbom":
      return told(checkSbom(text, { version: "1.2.3", toolchain: "go1.26.8" }, binaries), () => ({}));
  }
}

function told<T>(read: Result<T>, show: (value: T) => unknown): unknown {
  return read.ok ? show(read.value) : { code: read.problem.code };
}
