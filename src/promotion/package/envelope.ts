// The signature of a package: a statement about every file in it, behind its trust documents. Implements spec/promotion.md 3.1 and 3.4.
// It is no document of section 2: it is bound to files, not to what would run. Who verifies a package binds both in the deployment report.

import {
  bad,
  canonicalJson,
  compareBytes,
  isDigest,
  type JsonObject,
  ok,
  parseJson,
  type Result,
  type Shape,
  shapeFault,
} from "../../base/index.js";
import {
  type KeySigner,
  newestTrust,
  parseEnvelope,
  signEnvelope,
  signersOf,
  TRUST_SKEW_MS,
  TRUST_VERSIONS,
} from "../../evidence/index.js";
import { DOCUMENT_TYPE, momentOf, type OpenGiven, predicateType, STATEMENT_TYPE } from "../documents/document.js";
import { type Finding, found } from "../documents/verdict.js";
import { CHANNELS, type Channel, PACKAGE_ENTRIES, SMALL_BYTES } from "./layout.js";

export const PACKAGE_SCHEMA = "cavra.go-release-package.v1";

/** What the signer says of the package. */
export interface PackageBody {
  readonly schema_version: typeof PACKAGE_SCHEMA;
  readonly package_id: string;
  readonly version: string;
  readonly source_digest: string;
  readonly channel: Channel;
  readonly issued_at: string;
}

export interface PackageStatement {
  readonly body: PackageBody;
  /** Path and digest of every file, by path. */
  readonly files: readonly (readonly [path: string, digest: string])[];
}

/** Trust documents, oldest first, then the envelope, one a line. Problem: `package_malformed`. */
export function signPackage(statement: PackageStatement, signer: KeySigner, chain: readonly string[]): Result<string> {
  const text = canonicalJson(formOf(statement));
  if (!text.ok) return malformed(text.problem.message);
  const read = readStatement(Buffer.from(text.value));
  if (!read.ok) return read;
  const envelope = signEnvelope(DOCUMENT_TYPE, Buffer.from(text.value), [signer]);
  return envelope.ok ? ok(`${[...chain, envelope.value].join("\n")}\n`) : malformed(envelope.problem.message);
}

function formOf({ body, files }: PackageStatement): JsonObject {
  return {
    _type: STATEMENT_TYPE,
    predicate: body as unknown as JsonObject,
    predicateType: predicateType(PACKAGE_SCHEMA),
    subject: files.map(([name, digest]) => ({ digest: { sha256: digest.slice("sha256:".length) }, name })),
  };
}

export interface PackageOpened {
  /** Null where the form does not hold, or no signature does: then nothing in it counts. */
  readonly statement: PackageStatement | null;
  readonly signers: readonly string[];
  readonly form: readonly Finding[];
  /** Of signature and date. */
  readonly signature: readonly Finding[];
}

export const BUILD_HINT = "take the package again from where it was made, or run `cavra runtime go-package build`";

/** Null for a file that is not there. Never throws. */
export function openPackage(bytes: Uint8Array | null, given: Pick<OpenGiven, "trust" | "nowMs" | "clockBehind">): PackageOpened {
  const refused = (finding: Finding): PackageOpened => ({ statement: null, signers: [], form: [finding], signature: [] });
  if (bytes === null) return refused(found("missing", "package_missing", "there is no release package", BUILD_HINT));
  const bent = (message: string) => refused(found("malformed", "package_malformed", `this is no release package: ${message}`, BUILD_HINT));
  if (bytes.length > SMALL_BYTES) return bent(`its envelope has more than ${SMALL_BYTES} bytes`);
  const text = Buffer.from(bytes).toString("utf8");
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const last = lines.at(-1);
  if (last === undefined || lines.length > TRUST_VERSIONS + 1) return bent("it is no list of envelopes");
  const envelope = parseEnvelope(last);
  if (!envelope.ok) return bent(envelope.problem.message);
  if (envelope.value.payloadType !== DOCUMENT_TYPE) return bent("the last envelope holds something else");
  const statement = readStatement(envelope.value.payload);
  if (!statement.ok) return bent(statement.problem.message);
  const unsigned = (code: string, message: string): PackageOpened => {
    const verdict = code === "key_revoked" ? "revoked" : "unsigned";
    return { statement: null, signers: [], form: [], signature: [found(verdict, code, message, BUILD_HINT)] };
  };
  const trust = newestTrust(lines.slice(0, -1), given.trust);
  if (!trust.ok) return unsigned(trust.problem.code, trust.problem.message);
  const { issued_at } = statement.value.body;
  const signers = signersOf(envelope.value, issued_at, trust.value, ["builder"]);
  if (!signers.ok) return unsigned(signers.problem.code, signers.problem.message);
  return { statement: statement.value, signers: signers.value.map(({ name }) => name), form: [], signature: dateOf(issued_at, given) };
}

function dateOf(issuedAt: string, { nowMs, clockBehind }: Pick<OpenGiven, "nowMs" | "clockBehind">): readonly Finding[] {
  const hint = "look at the clock of this machine";
  if (momentOf(issuedAt) > nowMs + TRUST_SKEW_MS)
    return [found("clock_suspect", "package_future", `the package is dated ${issuedAt}`, hint)];
  return clockBehind ? [found("clock_suspect", "clock_behind", "the clock is behind what this machine has seen", hint)] : [];
}

const STATEMENT: Shape = {
  _type: { $oneOf: [STATEMENT_TYPE] },
  predicate: {
    channel: { $oneOf: CHANNELS },
    issued_at: "time",
    package_id: "text",
    schema_version: { $oneOf: [PACKAGE_SCHEMA] },
    source_digest: "digest",
    version: "text",
  },
  predicateType: { $oneOf: [predicateType(PACKAGE_SCHEMA)] },
  subject: [{ digest: { sha256: "text" }, name: "text" }],
};

function readStatement(payload: Uint8Array): Result<PackageStatement> {
  const read = parseJson(payload, { sizeBytes: SMALL_BYTES, depth: 8 });
  if (!read.ok) return malformed(read.problem.message);
  const canonical = canonicalJson(read.value);
  if (!canonical.ok || canonical.value !== Buffer.from(payload).toString("utf8")) return malformed("it is not canonical JSON");
  const place = shapeFault(read.value, STATEMENT);
  if (place !== "") return malformed(`\`${place}\` has another form`);
  const { predicate, subject } = read.value as unknown as {
    readonly predicate: PackageBody;
    readonly subject: readonly { readonly digest: { readonly sha256: string }; readonly name: string }[];
  };
  const files = subject.map(({ name, digest }) => [name, `sha256:${digest.sha256}`] as const);
  if (files.length === 0 || files.length > PACKAGE_ENTRIES) return malformed(`it is about 1 to ${PACKAGE_ENTRIES} files`);
  if (files.some(([, digest]) => !isDigest(digest))) return malformed("a digest has another form");
  const isSorted = files.every(([path], i) => i === 0 || compareBytes(files[i - 1]?.[0] ?? "", path) < 0);
  return isSorted ? ok({ body: predicate, files }) : malformed("its files do not stand once, by path");
}

function malformed<T>(message: string): Result<T> {
  return bad("package_malformed", message);
}
