// What the commands of drills share: what would run here, whose word counts, the plan, and the key that signs. Implements spec/drills.md section 5.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packedCatalogue } from "../../../../authority/index.js";
import { ENGINE_DIGEST } from "../../../../backend/index.js";
import { bad, ok, parseJson, type Result, sha256 } from "../../../../base/index.js";
import type { KeySigner } from "../../../../evidence/index.js";
import {
  NO_SUBJECT,
  type OpenGiven,
  openDocument,
  type RehearsalWanted,
  ROLLBACK_PLAN,
  type RollbackPlan,
  type Subject,
} from "../../../../promotion/index.js";
import { askedBy, isClockBehind, readDocumentFile } from "../../../../release/index.js";
import { readPin, SYSTEM_CLOCK, stateDir, trustChain } from "../../../../store/index.js";
import type { Terminal } from "../../../terminal.js";
import { currentTrust, placesOf, type SignerOptions, signerOfRole } from "../../keys/access.js";

export interface HereOptions extends SignerOptions {
  readonly runtimePath?: string;
  readonly rollbackPlanPath?: string;
  readonly pin?: string;
  readonly json?: boolean;
}

/** The release candidate: the named one, else the installation's own. */
export function runtimeHere({ env, cwd }: Pick<Terminal, "env" | "cwd">, { runtimePath }: HereOptions): string {
  const named = runtimePath ?? env.CAVRA_GO_RUNTIME_PATH ?? "";
  return named === "" ? join(import.meta.dirname, "bin", "cavra-runtime") : resolve(cwd, named);
}

/** What a drill is bound to: the binary, both engines, the catalogue. Problem: `runtime_missing`. */
export function subjectHere(runtime: string): Result<Subject> {
  const asked = spawnSync(runtime, ["version", "--json"], { encoding: "utf8", timeout: 10_000 });
  const read = asked.status === 0 ? parseJson(asked.stdout.trim()) : null;
  const go = read?.ok === true ? (read.value as { readonly build?: { readonly source_digest?: unknown } }).build?.source_digest : undefined;
  if (typeof go !== "string")
    return bad("runtime_missing", `\`${runtime}\` is no runtime that runs here`, { hint: "say `--runtime-path FILE`" });
  return ok({ ...NO_SUBJECT, runtime: sha256(readFileSync(runtime)), typescript: ENGINE_DIGEST, go, catalogue: packedCatalogue().digest });
}

/** Whose signatures count, and what they are held against; null where the document is only looked at. */
export function givenHere(terminal: Terminal, { pin }: HereOptions, running: Subject | null): OpenGiven {
  const { stateFolder, configFolder } = placesOf(terminal);
  const known = readPin(configFolder);
  const root = pin ?? known?.root_key_id ?? "";
  const own = known?.root_key_id === root;
  const nowMs = SYSTEM_CLOCK.nowMs();
  // Another root's documents are in the file alone; what this account has seen says nothing about them.
  const trust = { pin: root, ownChain: own ? trustChain(stateFolder) : [], seenVersion: own ? known.trust_version_seen : 0, nowMs };
  return { trust, nowMs, clockBehind: isClockBehind(stateFolder, nowMs), running };
}

export interface PlanHere {
  readonly plan: RollbackPlan | null;
  readonly digest: string;
  readonly asked: RehearsalWanted;
}

/** The rollback plan that is named, if one is. Problems: those of the document. */
export function planHere(terminal: Terminal, options: HereOptions, running: Subject | null): Result<PlanHere> {
  const named = options.rollbackPlanPath ?? terminal.env.CAVRA_GO_ROLLBACK_PLAN ?? "";
  if (named === "") return ok({ plan: null, digest: "", asked: askedBy(null) });
  const { opened, findings, digest } = openDocument(
    ROLLBACK_PLAN,
    readDocumentFile(resolve(terminal.cwd, named)),
    givenHere(terminal, options, running),
  );
  const [wrong] = findings;
  if (opened === null || wrong !== undefined)
    return bad(wrong?.code ?? "document_missing", wrong?.message ?? "", { hint: wrong?.hint ?? "" });
  return ok({ plan: opened.body, digest, asked: askedBy(opened.body) });
}

/** Who signs drills. Problems: those of trust, `key_missing`. */
export function drillSigner(terminal: Terminal, options: SignerOptions): Result<KeySigner> {
  const trust = currentTrust(terminal);
  return trust.ok ? signerOfRole(terminal, trust.value, "drill", options) : trust;
}

/** The trust documents that go ahead of a document that is handed on. */
export function chainHere(terminal: Terminal): readonly string[] {
  return trustChain(stateDir(terminal.env));
}
