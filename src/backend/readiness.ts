// Is the second engine ready to be asked? Implements spec/backend.md section 9. It opens what it speaks of: the binary runs, and answers probes.
// INVARIANT: nothing is ready because a path exists. Each check has done what it says, or is `skipped` and says which one it waited for.

import type { Answered, BackendMode, Evaluation, FallbackCode, Fault } from "./model.js";
import type { Hello } from "./wire.js";
import { startWorker, type WorkerSource } from "./worker.js";

export const CHECK_IDS = ["mode", "runtime", "protocol", "catalogue", "policy", "registry", "probes", "campaign"] as const;
export type CheckId = (typeof CHECK_IDS)[number];

export interface Check {
  readonly id: CheckId;
  readonly status: "pass" | "fail" | "skipped";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface Readiness {
  readonly schema_version: "cavra.go-pilot-readiness.v1";
  readonly status: "ready" | "disabled" | "needs_attention";
  readonly backend_mode: BackendMode;
  /** Of the worker that was started; null where none said hello. */
  readonly runtime: { readonly version: string; readonly build: string; readonly engine: string; readonly registry_digest: string } | null;
  readonly checks: readonly Check[];
}

/** What is asked, and the judgement bytes that TypeScript gives. */
export interface Probe {
  readonly evaluation: Evaluation;
  readonly judgement: string;
}

/** A fresh process may take so long for its first answers. */
const PROBE_MS = 5_000;

/** `campaign` has both engines compared by the policy where nobody has yet, and says why Go is held back; null where it is not. */
export async function backendReadiness(
  mode: BackendMode,
  source: WorkerSource,
  probes: readonly Probe[],
  campaign: (hello: Hello) => Promise<Fault | null>,
): Promise<Readiness> {
  if (mode === "disabled") return report(mode, null, [passed("mode", "Go is not asked: the mode is disabled")]);
  if (mode === "promoted")
    return report(mode, null, [
      failed(
        "mode",
        "promotion_gate_missing",
        "no gate lets Go answer by itself",
        "use `shadow` or `enforce`; both leave the answer to TypeScript",
      ),
    ]);
  const first = passed("mode", `Go is asked in ${mode} mode, and TypeScript answers`);
  const started = await startWorker(source);
  if (!started.ok) return report(mode, null, [first, ...startChecks(started.fault)]);
  const { worker } = started;
  const { version, build, engine, registry_digest } = worker.hello;
  try {
    const results = await Promise.all(probes.map(async (probe) => ({ probe, answered: await worker.ask(probe.evaluation, PROBE_MS) })));
    const checks = [
      first,
      passed("runtime", `\`${source.runtimePath}\` runs, and is the binary ${build}`),
      passed("protocol", `it speaks ${worker.hello.protocol}`),
      passed("catalogue", `it judges by the catalogue ${worker.hello.catalogue_digest}`),
      passed("policy", `it has loaded the policy ${worker.hello.policy.id} ${worker.hello.policy.version}`),
      passed("registry", registryMessage(worker.hello.registry_digest)),
      probesCheck(results),
    ];
    if (checks.every(({ status }) => status === "pass")) checks.push(campaignCheck(await campaign(worker.hello)));
    return report(mode, { version, build, engine, registry_digest }, checks);
  } finally {
    await worker.stop();
  }
}

function registryMessage(digest: string): string {
  return digest === "" ? "there is no MCP registry" : `it has loaded the MCP registry ${digest}`;
}

function probesCheck(results: readonly { readonly probe: Probe; readonly answered: Answered }[]): Check {
  for (const { probe, answered } of results) {
    const { action_type, target } = probe.evaluation.action;
    if (!answered.ok)
      return failed(
        "probes",
        answered.code,
        `\`${action_type} ${target}\` was not judged: ${answered.message}`,
        "look at `cavra status` and the runtime's version",
      );
    if (answered.judgement !== probe.judgement)
      return failed(
        "probes",
        "disagreement",
        `\`${action_type} ${target}\` is judged otherwise than by TypeScript`,
        "stay in shadow mode and report it: `cavra runtime go-pilot-evaluate --mode shadow --json` shows both",
      );
  }
  return passed("probes", `${results.length} probes are judged as by TypeScript, byte for byte`);
}

function campaignCheck(held: Fault | null): Check {
  if (held === null) return passed("campaign", "a first campaign has compared both engines by this policy, and found no mismatch");
  const hint =
    held.code === "campaign_mismatch"
      ? "`cavra runtime go-parity run --sealed` makes the case again, and small; please report it"
      : "run `cavra runtime go-parity first`";
  return failed("campaign", held.code, held.message, hint);
}

/** Which check a start's fault belongs to; those before it passed, those after it were not reached. */
const CHECK_OF: Readonly<Partial<Record<FallbackCode, CheckId>>> = {
  protocol_mismatch: "protocol",
  catalogue_mismatch: "catalogue",
  policy_mismatch: "policy",
  policy_not_loaded: "policy",
  registry_mismatch: "registry",
  registry_not_loaded: "registry",
};

const HINTS: Readonly<Partial<Record<FallbackCode, string>>> = {
  runtime_missing: "name it with `--runtime-path` or CAVRA_GO_RUNTIME_PATH; where Go is, `make build` makes `dist/bin/cavra-runtime`",
  runtime_not_executable: "`chmod +x` it, or take the binary of this platform",
  runtime_wrong_digest: "start again: the file was replaced while it ran",
  protocol_mismatch: "take the runtime of this release",
  catalogue_mismatch: "compile the policy again with this release: `cavra policy compile`",
  policy_mismatch: "compile the policy in force, or leave out CAVRA_GO_RUNTIME_POLICY",
  policy_not_loaded: "compile the policy again: `cavra policy compile`",
  registry_mismatch: "leave out CAVRA_GO_RUNTIME_REGISTRY: then it is the one in force",
  registry_not_loaded: "run `cavra mcp check`",
};

function startChecks(fault: Fault): readonly Check[] {
  const broken = CHECK_OF[fault.code] ?? "runtime";
  const at = CHECK_IDS.indexOf(broken);
  return CHECK_IDS.slice(1).map((id) => {
    const place = CHECK_IDS.indexOf(id);
    if (place === at) return failed(id, fault.code, fault.message, HINTS[fault.code] ?? "");
    // Of the checks before it the worker's own hello gave the evidence; without a hello there is none.
    if (place < at) return passed(id, "it got as far as its own hello");
    return { id, status: "skipped", code: "not_reached", message: `not looked at: \`${broken}\` did not pass`, hint: "" };
  });
}

function report(mode: BackendMode, runtime: Readiness["runtime"], checks: readonly Check[]): Readiness {
  const all = CHECK_IDS.map(
    (id) =>
      checks.find((check) => check.id === id) ?? {
        id,
        status: "skipped" as const,
        code: "not_reached",
        message: "not looked at",
        hint: "",
      },
  );
  const attention = all.some(({ status }) => status === "fail");
  return {
    schema_version: "cavra.go-pilot-readiness.v1",
    status: attention ? "needs_attention" : mode === "disabled" ? "disabled" : "ready",
    backend_mode: mode,
    runtime,
    checks: all,
  };
}

function passed(id: CheckId, message: string): Check {
  return { id, status: "pass", code: "ok", message, hint: "" };
}

function failed(id: CheckId, code: string, message: string, hint: string): Check {
  return { id, status: "fail", code, message, hint };
}
