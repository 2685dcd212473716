// A release package in memory: small programs instead of binaries, everything else as the build writes it; and keys of two builders, one of them unknown.

import { compareBytes, formatTime, type JsonValue, privateKeyOfSeed, sha256, signerOf } from "../../../src/base/index.js";
import { type KeySigner, keyIdOf, type Role, signTrust, type TrustDocument } from "../../../src/evidence/index.js";
import {
  type BuildFacts,
  binaryPath,
  formatLine,
  formatSums,
  MANIFEST_FILE,
  makeManifest,
  makeProvenance,
  PACKAGE_FILE,
  type PackageFolder,
  type PackageStatement,
  type Platform,
  PROVENANCE_FILE,
  packagedFile,
  packageId,
  SBOM_FILE,
  SUMS_FILE,
  signPackage,
} from "../../../src/promotion/index.js";
import { activeKey, endedKey } from "../../../src/store/index.js";

export const NOW = Date.UTC(2026, 10, 23);
const DAY_MS = 86_400_000;

export function signer(role: Role, byte: number): KeySigner {
  const made = signerOf(privateKeyOfSeed(new Uint8Array(32).fill(byte)));
  if (made === null) throw new Error("a seed gives a key");
  return { keyId: keyIdOf(role, made.publicKey), signer: made };
}

export const ROOT = signer("root", 1);
export const BUILDER = signer("builder", 2);
export const REVOKED = signer("builder", 3);
export const LEDGER = signer("ledger", 4);

const since = formatTime(NOW - 30 * DAY_MS);
const revoked = endedKey(activeKey("builder", REVOKED.signer.publicKey, "mallory", since), "revoked", formatTime(NOW - DAY_MS), "lost", 0);
const TRUST: TrustDocument = {
  schema_version: "cavra.trust.v1",
  trust_id: "tru_01m83tsp7qfhv9g8mvbpyfm4yb",
  version: 1,
  issued_at: since,
  expires_at: "",
  origin: "cavra.ledger/ldg_01m83tsp7qfhv9g8mvbpyfm4yb",
  witnesses_required: 0,
  keys: [
    activeKey("root", ROOT.signer.publicKey, "root", since),
    activeKey("builder", BUILDER.signer.publicKey, "bea", since),
    revoked,
    activeKey("ledger", LEDGER.signer.publicKey, "ledger", since),
  ],
};
const trust = signTrust(TRUST, [ROOT]);
export const CHAIN = trust.ok ? [trust.value] : [];
export const TRUSTED = { pin: ROOT.keyId, ownChain: CHAIN, seenVersion: 0, nowMs: NOW };

export const FACTS: BuildFacts = {
  version: "1.2.3",
  source_digest: sha256("sources"),
  channel: "stable",
  commit: "0123456789012345678901234567890123456789",
  toolchain: "go1.26.8",
  command: "go build",
};

export type Files = Map<string, Uint8Array>;

export interface Making {
  readonly facts?: BuildFacts;
  readonly platforms?: readonly Platform[];
  readonly by?: KeySigner;
  readonly issuedMs?: number;
  /** Changes the files before they are signed. */
  readonly before?: (files: Files) => void;
}

/** The files of a package, `package.dsse` among them. */
export function madePackage({
  facts = FACTS,
  platforms = ["linux-amd64", "windows-amd64"],
  by = BUILDER,
  issuedMs = NOW,
  before,
}: Making = {}): Files {
  const binaries = platforms.map((platform) => [binaryPath(platform), sha256(program(platform))] as const);
  const line = (value: unknown) => textOf(formatLine(value as JsonValue));
  const files: Files = new Map([
    ...platforms.map((platform): [string, Uint8Array] => [binaryPath(platform), program(platform)]),
    [SUMS_FILE, Buffer.from(formatSums(binaries))],
    [MANIFEST_FILE, Buffer.from(line(makeManifest(facts, binaries)))],
    [PROVENANCE_FILE, Buffer.from(line(makeProvenance(facts, binaries)))],
    [SBOM_FILE, Buffer.from(JSON.stringify(sbom(facts, binaries)))],
  ]);
  before?.(files);
  const statement: PackageStatement = {
    body: {
      schema_version: "cavra.go-release-package.v1",
      package_id: packageId(facts, binaries),
      version: facts.version,
      source_digest: facts.source_digest,
      channel: facts.channel,
      issued_at: formatTime(issuedMs),
    },
    files: [...files].map(([path, bytes]) => [path, sha256(bytes)] as const).sort(([a], [b]) => compareBytes(a, b)),
  };
  files.set(PACKAGE_FILE, Buffer.from(textOf(signPackage(statement, by, CHAIN))));
  return files;
}

export function program(platform: string): Uint8Array {
  return Buffer.from(`a program for ${platform}`);
}

export function folderOf(files: Files): PackageFolder {
  return { files: new Map([...files].map(([path, bytes]) => [path, packagedFile(bytes)])), refused: [] };
}

export function sbom({ version, toolchain }: BuildFacts, binaries: readonly (readonly [string, string])[]): object {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: {
      component: {
        name: "cavra-runtime",
        version,
        components: binaries.map(([name, digest]) => ({ name, hashes: [{ alg: "SHA-256", content: digest.slice("sha256:".length) }] })),
      },
    },
    components: [{ name: "std", version: toolchain }],
  };
}

function textOf(
  made: { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: { readonly code: string } },
): string {
  if (!made.ok) throw new Error(made.problem.code);
  return made.value;
}
