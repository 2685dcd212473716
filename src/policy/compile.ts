// Packs and a catalogue in, one canonical document out. Implements spec/policy.md section 6.
// No clock and no path of this machine gets in: the same packs give the same bytes everywhere, so the digest names the policy.

import { canonicalJson, compareBytes, type JsonValue, type Problem, sha256 } from "../base/index.js";
import type { Library } from "./lineage.js";
import type { Loaded } from "./load.js";
import { mergePacks } from "./merge.js";
import { type Clause, COMPILED_SCHEMA, type CompiledPolicy, type Exception } from "./model.js";
import type { Merged, Pack } from "./pack.js";

export interface CompileInput {
  readonly host: Pack;
  /** Stands on the host's pack and belongs to the host: what a person set beside it. */
  readonly settings?: Pack | null;
  readonly workspace: Pack | null;
  readonly library: Library;
  /** The compiled catalogue, as it is. */
  readonly catalogue: JsonValue;
}

export function compilePolicy(input: CompileInput): Loaded<CompiledPolicy> {
  const merged = mergeAll(input);
  if (!merged.ok) return merged;
  const { value } = merged;
  const catalogue = canonicalJson(input.catalogue);
  if (!catalogue.ok) return { ok: false, problems: [catalogue.problem] };
  const body: Omit<CompiledPolicy, "digest"> = {
    schema_version: COMPILED_SCHEMA,
    // SECURITY: what comes with a clone does not name the policy that judges it; `packs` says what was laid over the host's.
    id: input.host.id,
    version: input.host.version,
    description: input.host.description,
    mode: value.mode,
    packs: value.packs,
    defaults: value.defaults,
    rules: [...value.rules.values()].sort((a, b) => compareBytes(a.id, b.id)),
    exceptions: [...value.exceptions].sort(byRuleThenText),
    mcp_trust: [...value.mcp_trust]
      .map((trust) => ({ ...trust, tools: [...trust.tools].sort((a, b) => compareBytes(a.tool, b.tool)) }))
      .sort((a, b) => compareBytes(a.server, b.server) || compareBytes(a.layer, b.layer)),
    approval_routes: [...value.approval_routes].sort((a, b) => compareBytes(a.id, b.id)),
    catalogue: input.catalogue,
    catalogue_digest: sha256(catalogue.value),
  };
  const bytes = canonicalJson(body);
  if (!bytes.ok) return { ok: false, problems: [bytes.problem] };
  return { ok: true, value: { ...body, digest: sha256(bytes.value) } };
}

function mergeAll({ host, settings, workspace, library }: CompileInput): Loaded<Merged> {
  if (settings === undefined || settings === null) return mergePacks(host, workspace, library);
  return mergePacks(settings, workspace, new Map([...library, [host.id, host]]));
}

/** The canonical bytes of a compiled policy, digest included, as `cavra policy compile` prints them. */
export function compiledText(policy: CompiledPolicy): Loaded<string> {
  const text = canonicalJson(policy);
  return text.ok ? text : { ok: false, problems: [text.problem] };
}

/** Takes a compiled policy from JSON that is already parsed. Its digest is checked, so nothing else needs to be. */
export function readCompiled(value: unknown): Loaded<CompiledPolicy> {
  const refused = (code: string, message: string): Loaded<CompiledPolicy> => ({
    ok: false,
    problems: [{ code, message } satisfies Problem],
  });
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "schema_version"))
    return refused("not_a_policy", "this is no compiled policy");
  const policy = value as CompiledPolicy;
  if (policy.schema_version !== COMPILED_SCHEMA)
    return refused("unknown_schema", `a compiled policy of schema \`${String(policy.schema_version)}\` cannot be read`);
  const { digest, ...body } = policy;
  const bytes = canonicalJson(body);
  if (!bytes.ok) return { ok: false, problems: [bytes.problem] };
  return sha256(bytes.value) === digest
    ? { ok: true, value: policy }
    : refused("digest_mismatch", "the compiled policy was changed after it was made: its digest does not fit");
}

function byRuleThenText(left: Exception, right: Exception): number {
  return compareBytes(left.rule, right.rule) || compareBytes(textOf(left), textOf(right));
}

function textOf(exception: Exception): string {
  const clauses: readonly Clause[] = exception.match;
  const text = canonicalJson({ reason: exception.reason, until: exception.until, pack: exception.pack, match: clauses });
  return text.ok ? text.value : "";
}
