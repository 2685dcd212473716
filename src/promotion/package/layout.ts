// What lies in a release package, under which names, and how much of it there may be. Implements spec/promotion.md 3.1 and 3.3.

/** By byte order. */
export const PLATFORMS = ["darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"] as const;
export type Platform = (typeof PLATFORMS)[number];
export const SURFACES = ["ci-runner", "workstation"] as const;
export type Surface = (typeof SURFACES)[number];
export const CHANNELS = ["candidate", "stable"] as const;
export type Channel = (typeof CHANNELS)[number];

export const SUMS_FILE = "SHA256SUMS";
export const SBOM_FILE = "sbom.cdx.json";
export const PROVENANCE_FILE = "provenance.json";
export const MANIFEST_FILE = "manifest.json";
export const PACKAGE_FILE = "package.dsse";
/** The one file that may lie there and is no part of the package: what verifying it came to. */
export const REPORT_FILE = "deployment-report.dsse";

/** What is read whole, and not only for its digest. */
export const SMALL_FILES: readonly string[] = [MANIFEST_FILE, PACKAGE_FILE, PROVENANCE_FILE, SBOM_FILE, SUMS_FILE];
/** A binary, and each of the others, has at most so many bytes; a folder so many entries. */
export const BINARY_BYTES = 134_217_728;
export const SMALL_BYTES = 4_194_304;
export const PACKAGE_ENTRIES = 64;

export function binaryPath(platform: Platform): string {
  return `bin/${platform}/cavra-runtime${platform.startsWith("windows") ? ".exe" : ""}`;
}

/** The platform whose binary lies there; null where the path is no binary's. */
export function platformOf(path: string): Platform | null {
  return PLATFORMS.find((platform) => binaryPath(platform) === path) ?? null;
}

/** A file as it lies there; `bytes` only of the small ones. */
export interface PackagedFile {
  readonly digest: string;
  readonly size_bytes: number;
  readonly bytes: Uint8Array | null;
}

/** What is no file that a package could have: a link, a device, a file or a folder beyond its limit. */
export interface RefusedEntry {
  readonly path: string;
  readonly code: "package_special_file" | "package_too_large" | "package_too_many";
}

export interface PackageFolder {
  readonly files: ReadonlyMap<string, PackagedFile>;
  readonly refused: readonly RefusedEntry[];
}
