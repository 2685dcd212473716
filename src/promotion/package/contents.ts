// The files of a package that say what the others are: sums, manifest and provenance; one text for one content. Implements spec/promotion.md 3.1 and 3.2.
// They are written and read by the same functions, and what is read must be, byte for byte, what would be written.

import {
  bad,
  canonicalJson,
  compareBytes,
  type JsonObject,
  type JsonValue,
  ok,
  parseJson,
  type Result,
  type Shape,
  sha256,
  shapeFault,
} from "../../base/index.js";
import { STATEMENT_TYPE } from "../documents/document.js";
import { binaryPath, CHANNELS, type Channel, PLATFORMS, type Platform, platformOf, SMALL_BYTES, SURFACES, type Surface } from "./layout.js";

export const MANIFEST_SCHEMA = "cavra.go-deployment-manifest.v1";
export const PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";
export const BUILD_TYPE = "https://cavra.dev/go-package-build/v1";

/** Path and digest of each binary, by path. */
export type Binaries = readonly (readonly [path: string, digest: string])[];

export interface Deployment {
  readonly surface: Surface;
  readonly platform: Platform;
  readonly binary: string;
  readonly sha256: string;
  readonly channel: Channel;
}

export interface DeploymentManifest {
  readonly schema_version: typeof MANIFEST_SCHEMA;
  readonly package_id: string;
  readonly version: string;
  /** Of the sources that the binaries are built from (spec/backend.md 2.1). */
  readonly source_digest: string;
  readonly channel: Channel;
  readonly deployments: readonly Deployment[];
}

/** What is known of a build besides its binaries. */
export interface BuildFacts {
  readonly version: string;
  readonly source_digest: string;
  readonly channel: Channel;
  /** Forty hexadecimal digits, or "" where the sources are those of no commit. */
  readonly commit: string;
  /** `go1.26.8`. */
  readonly toolchain: string;
  readonly command: string;
}

/** `DIGEST  PATH` a line, as sha256sum writes and checks it. */
export function formatSums(binaries: Binaries): string {
  return binaries.map(([path, digest]) => `${digest.slice("sha256:".length)}  ${path}\n`).join("");
}

/** Problem: `sums_malformed`. */
export function parseSums(text: string): Result<Binaries> {
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const binaries = lines.map((line) => [line.slice(66), `sha256:${line.slice(0, 64)}`] as const);
  const wrong = lines.findIndex((line, i) => {
    const before = binaries[i - 1]?.[0];
    const isAfter = before === undefined || compareBytes(before, line.slice(66)) < 0;
    return !/^[0-9a-f]{64} {2}/.test(line) || platformOf(line.slice(66)) === null || !isAfter;
  });
  if (lines.length === 0) return bad("sums_malformed", "there is no line");
  return wrong < 0 ? ok(binaries) : bad("sums_malformed", `line ${wrong + 1} is none of sha256sum's, names no binary, or is not by path`);
}

/** The same binaries in the same channel have the same name. */
export function packageId({ version, channel }: Pick<BuildFacts, "version" | "channel">, binaries: Binaries): string {
  return `cavra-runtime-${version}-${channel}-${sha256(formatSums(binaries)).slice("sha256:".length, "sha256:".length + 12)}`;
}

/** Every binary for every surface. */
export function makeManifest(facts: Pick<BuildFacts, "version" | "source_digest" | "channel">, binaries: Binaries): DeploymentManifest {
  const { version, source_digest, channel } = facts;
  const deployments = SURFACES.flatMap((surface) =>
    binaries.flatMap(([binary, sha]): Deployment[] => {
      const platform = platformOf(binary);
      return platform === null ? [] : [{ surface, platform, binary, sha256: sha, channel }];
    }),
  );
  return { schema_version: MANIFEST_SCHEMA, package_id: packageId(facts, binaries), version, source_digest, channel, deployments };
}

const MANIFEST: Shape = {
  channel: { $oneOf: CHANNELS },
  deployments: [
    { binary: "text", channel: { $oneOf: CHANNELS }, platform: { $oneOf: PLATFORMS }, sha256: "digest", surface: { $oneOf: SURFACES } },
  ],
  package_id: "text",
  schema_version: { $oneOf: [MANIFEST_SCHEMA] },
  source_digest: "digest",
  version: "text",
};
export const DEPLOYMENTS = 32;

/** Problem: `manifest_malformed`. */
export function parseManifest(text: string): Result<DeploymentManifest> {
  const read = parseLine(text, MANIFEST, "manifest_malformed");
  if (!read.ok) return read;
  const manifest = read.value as unknown as DeploymentManifest;
  const { deployments } = manifest;
  const bent = (message: string) => bad<DeploymentManifest>("manifest_malformed", message);
  if (deployments.length === 0 || deployments.length > DEPLOYMENTS) return bent(`it has 1 to ${DEPLOYMENTS} deployments`);
  const names = deployments.map(({ surface, platform }) => `${surface} ${platform}`);
  if (names.some((name, i) => i > 0 && compareBytes(names[i - 1] ?? "", name) >= 0))
    return bent("deployments stand once, by surface and platform");
  const other = deployments.findIndex(({ platform, binary }) => binary !== binaryPath(platform));
  return other < 0 ? ok(manifest) : bent(`\`deployments[${other}].binary\` is not where the binary of that platform lies`);
}

export interface Provenance {
  readonly subject: readonly JsonObject[];
  readonly predicate: JsonObject;
}

/** How the binaries came to be, as SLSA says it. No clock and no machine is named: the same build has the same provenance. */
export function makeProvenance(facts: BuildFacts, binaries: Binaries): JsonObject {
  const { version, source_digest, channel, commit, toolchain, command } = facts;
  return {
    _type: STATEMENT_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { channel, platforms: binaries.map(([path]) => platformOf(path) ?? ""), version },
        internalParameters: { command },
        resolvedDependencies: [
          { digest: { sha256: source_digest.slice("sha256:".length) }, name: "sources" },
          ...(commit === "" ? [] : [{ digest: { gitCommit: commit }, name: "commit" }]),
          { name: "toolchain", uri: `pkg:golang/toolchain@${toolchain}` },
        ],
      },
      runDetails: { builder: { id: BUILD_TYPE } },
    },
    predicateType: PROVENANCE_TYPE,
    subject: binaries.map(([name, digest]) => ({ digest: { sha256: digest.slice("sha256:".length) }, name })),
  };
}

/** What a provenance says of its build; it must be, byte for byte, what would be written of that. Problem: `provenance_malformed`. */
export function parseProvenance(text: string, binaries: Binaries): Result<BuildFacts> {
  const read = parseJson(text.trimEnd(), { sizeBytes: SMALL_BYTES, depth: 12 });
  const facts = read.ok ? factsIn(read.value) : null;
  if (facts === null) return bad("provenance_malformed", "this is no provenance of such a build");
  const about = subjectsIn(read.ok ? read.value : null);
  const expected = formatLine(makeProvenance(facts, about));
  if (!expected.ok || expected.value !== text)
    return bad("provenance_malformed", "this is no provenance of such a build, or not in its one form");
  const same = formatSums(about) === formatSums(binaries);
  return same ? ok(facts) : bad("provenance_differs", "it is about other binaries than lie here");
}

function factsIn(value: JsonValue): BuildFacts | null {
  const definition = at(at(value, "predicate"), "buildDefinition");
  const external = at(definition, "externalParameters");
  const list = at(definition, "resolvedDependencies");
  const named = (name: string) =>
    Array.isArray(list) ? (list as readonly JsonValue[]).find((one) => at(one, "name") === name) : undefined;
  const [version, channel, command] = [
    at(external, "version"),
    at(external, "channel"),
    at(at(definition, "internalParameters"), "command"),
  ];
  const source = at(at(named("sources"), "digest"), "sha256");
  const commit = at(at(named("commit"), "digest"), "gitCommit") ?? "";
  const uri = at(named("toolchain"), "uri");
  const known = CHANNELS.find((one) => one === channel);
  if (typeof version !== "string" || known === undefined || typeof command !== "string" || typeof uri !== "string") return null;
  if (typeof source !== "string" || !/^[0-9a-f]{64}$/.test(source)) return null;
  if (typeof commit !== "string" || !/^([0-9a-f]{40})?$/.test(commit)) return null;
  return {
    version,
    source_digest: `sha256:${source}`,
    channel: known,
    commit,
    toolchain: uri.slice("pkg:golang/toolchain@".length),
    command,
  };
}

function subjectsIn(value: JsonValue): Binaries {
  const list = at(value, "subject");
  if (!Array.isArray(list)) return [];
  return (list as readonly JsonValue[]).map(
    (one) => [String(at(one, "name")), `sha256:${String(at(at(one, "digest"), "sha256"))}`] as const,
  );
}

/** A member of an object; undefined of everything else. */
function at(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined;
  return (value as JsonObject)[key];
}

/** Canonical JSON and a line's end. */
export function formatLine(value: JsonValue): Result<string> {
  const text = canonicalJson(value);
  return text.ok ? ok(`${text.value}\n`) : text;
}

function parseLine(text: string, shape: Shape, code: string): Result<JsonValue> {
  const read = parseJson(text.endsWith("\n") ? text.slice(0, -1) : "", { sizeBytes: SMALL_BYTES, depth: 8 });
  if (!read.ok) return bad(code, read.problem.message);
  const canonical = formatLine(read.value);
  if (!canonical.ok || canonical.value !== text) return bad(code, "it is not canonical JSON and a line's end");
  const place = shapeFault(read.value, shape);
  return place === "" ? ok(read.value) : bad(code, `\`${place}\` has another form`);
}
