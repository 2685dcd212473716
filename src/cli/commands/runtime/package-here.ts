// A release package as it lies on this machine: opened whole, and held against the trust, the platform and the runtime that are here. Implements spec/promotion.md 3.3 at the command line.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, type PackageCheck, type PackageChecked, type PackageFolder, type Platform } from "../../../promotion/index.js";
import { isClockBehind, platformHere, programDigest, readPackageFolder } from "../../../release/index.js";
import { readPin, SYSTEM_CLOCK, trustChain } from "../../../store/index.js";
import { oneLine } from "../../one-line.js";
import { openProgress } from "../../progress.js";
import type { Terminal } from "../../terminal.js";
import { placesOf } from "../keys/access.js";

export interface PackageAsked {
  readonly folder: string;
  /** "" asks for none, and then nothing is ready; null does not ask. */
  readonly runtimePath: string | null;
  /** The root key that counts; "" takes the one that is pinned here. */
  readonly pin: string;
}

export interface PackageHere {
  readonly checked: PackageChecked;
  readonly contents: PackageFolder;
  readonly platform: Platform | null;
  /** Of the runtime's file; "" where there is none, null where nobody asked. */
  readonly runtime: string | null;
}

/** Throws what the system refuses. */
export function packageHere(terminal: Terminal, { folder, runtimePath, pin }: PackageAsked): PackageHere {
  const progress = openProgress(terminal, "reading the package");
  const all = sizeOf(folder);
  let done = 0;
  const hear = (count: number) => {
    done += count;
    progress.at(done, Math.max(all, done));
  };
  try {
    const contents = readPackageFolder(folder, hear);
    const runtime = runtimePath === null ? null : programDigest(runtimePath, hear);
    const platform = platformHere();
    const nowMs = SYSTEM_CLOCK.nowMs();
    const { stateFolder, configFolder } = placesOf(terminal);
    const known = readPin(configFolder);
    const root = pin === "" ? (known?.root_key_id ?? "") : pin;
    // Another root's documents are in the package alone; what this account has seen says nothing about them.
    const own = known?.root_key_id === root;
    const trust = { pin: root, ownChain: own ? trustChain(stateFolder) : [], seenVersion: own ? known.trust_version_seen : 0, nowMs };
    const clockBehind = isClockBehind(stateFolder, nowMs);
    return { checked: checkPackage(contents, { trust, nowMs, clockBehind, runtime, platform }), contents, platform, runtime };
  } finally {
    progress.end();
  }
}

/** For the progress alone: 0 where nobody knows. */
function sizeOf(folder: string): number {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.length > 1_000
      ? 0
      : names.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    return 0;
  }
}

/** Who the package says it is, for people and machines; null where no signature stands behind it. */
export interface PackageAbout {
  readonly package_id: string;
  readonly version: string;
  readonly channel: string;
  readonly source_digest: string;
  readonly issued_at: string;
  readonly digest: string;
  readonly signers: readonly string[];
}

export function aboutPackage({ statement, digest, signers }: PackageChecked): PackageAbout | null {
  if (statement === null) return null;
  const { package_id, version, channel, source_digest, issued_at } = statement.body;
  return { package_id, version, channel, source_digest, issued_at, digest, signers };
}

export function checkLine({ id, status, code, message, hint, also }: PackageCheck, colours: Terminal["colours"]): string {
  const mark = status === "pass" ? colours.green("✓") : status === "fail" ? colours.red("✗") : colours.dim("-");
  const why = status === "fail" ? ` (${[code, ...also].join(", ")})` : "";
  const next = hint === "" ? "" : `      ${oneLine(hint, 300)}\n`;
  return `  ${mark} ${id.padEnd(10)} ${oneLine(message, 300)}${why}\n${next}`;
}
