// What a worker is started with: the binary, and policy and registry as they are in force or as the operator names them. Implements spec/backend.md 10.3.

import { resolve } from "node:path";
import { type Authority, packedCatalogue, registryFile, runtimePolicyFile } from "../../../authority/index.js";
import type { WorkerSource } from "../../../backend/index.js";
import type { Terminal } from "../../terminal.js";
import type { RuntimeSettings } from "./settings.js";

/** `isAsked` false writes no file: a mode in which Go is not asked needs none. */
export function workerSource(
  { policy: { compiled, registry } }: Pick<Authority, "policy">,
  { runtimePath, policyPath, registryPath }: RuntimeSettings,
  named: { readonly registry?: string },
  terminal: Terminal,
  isAsked = true,
): WorkerSource {
  // SECURITY: what the worker must have loaded is what TypeScript judges by; a path only says where it is.
  const inForce = named.registry === undefined ? registryFile(terminal.env) : resolve(terminal.cwd, named.registry);
  const known = registryPath !== "" || registry !== null;
  return {
    runtimePath,
    policyPath: policyPath !== "" || !isAsked ? policyPath : runtimePolicyFile(compiled, terminal.env),
    catalogueDigest: packedCatalogue().digest,
    policyDigest: compiled.digest,
    registry: known ? { path: registryPath === "" ? inForce : registryPath, digest: registry?.digest ?? "" } : null,
  };
}
