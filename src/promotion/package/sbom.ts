// What a package's list of parts must say for it to be the list of this package. Implements spec/promotion.md 3.3.
// The list itself is made by CycloneDX's own library (docs/decisions/0016); here only what binds it to the binaries is read.

import { bad, type JsonObject, type JsonValue, ok, parseJson, type Result } from "../../base/index.js";
import type { Binaries } from "./contents.js";
import { SMALL_BYTES } from "./layout.js";

/** Problems: `sbom_malformed`, `sbom_differs`. */
export function checkSbom(
  text: string,
  { version, toolchain }: { readonly version: string; readonly toolchain: string },
  binaries: Binaries,
): Result<null> {
  const read = parseJson(text.trimEnd(), { sizeBytes: SMALL_BYTES, depth: 32 });
  if (!read.ok) return bad("sbom_malformed", read.problem.message);
  const bom = objectOf(read.value);
  if (bom?.bomFormat !== "CycloneDX" || bom.specVersion !== "1.6") return bad("sbom_malformed", "it is no CycloneDX 1.6");
  const main = objectOf(objectOf(bom.metadata)?.component);
  const parts = componentsOf(bom.components);
  const inside = componentsOf(main?.components);
  if (main === null || parts === null || inside === null) return bad("sbom_malformed", "it names no component, or no parts");
  if (main.name !== "cavra-runtime" || main.version !== version) return bad("sbom_differs", "it is the list of another program or version");
  const named = inside.map((one) => `${String(one.name)} ${sha256In(one.hashes)}`);
  const there = binaries.map(([path, digest]) => `${path} ${digest.slice("sha256:".length)}`);
  if (named.join("\n") !== there.join("\n")) return bad("sbom_differs", "it names other binaries than lie here");
  const std = parts.find(({ name }) => name === "std");
  return std?.version === toolchain ? ok(null) : bad("sbom_differs", "it names another toolchain than the provenance");
}

function objectOf(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function componentsOf(value: JsonValue | undefined): readonly JsonObject[] | null {
  if (!Array.isArray(value)) return null;
  const list = (value as readonly JsonValue[]).map(objectOf);
  return list.every((one) => one !== null) ? list : null;
}

function sha256In(hashes: JsonValue | undefined): string {
  if (!Array.isArray(hashes)) return "";
  const one = (hashes as readonly JsonValue[]).map(objectOf).find((hash) => hash?.alg === "SHA-256");
  return typeof one?.content === "string" ? one.content : "";
}
