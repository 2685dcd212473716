// By what is decided, and is anything let through that it would stop: policies, mode. Implements spec/service.md section 16.

import {
  compileSources,
  findSources,
  momentNow,
  pauseInForce,
  policyInForce,
  policySigning,
  readHostSettings,
  readRegistryFile,
  registryFile,
  registryInForce,
  shippedPolicy,
  shippedSources,
} from "../../../authority/index.js";
import { TRUST_FILE, trustSetting } from "../../../release/index.js";
import { configDir } from "../../../store/index.js";
import { count } from "../../count.js";
import type { Terminal } from "../../terminal.js";
import { type RuntimeOptions, readSettings } from "../runtime/settings.js";
import { checked, type Found, type ProductionCheck } from "./check.js";

export function policyChecks(terminal: Terminal, options: RuntimeOptions): readonly ProductionCheck[] {
  return [
    checked("policies", "run `cavra policy validate`", () => policiesFound(terminal)),
    checked("mode", "run `cavra status`", () => modeFound(terminal, options)),
  ];
}

/** The host's policy and registry, every pack that ships, and every pack of the host's own. */
function policiesFound({ env }: Terminal): Found {
  const { id, version } = policyInForce("/", env, () => compileSources);
  const shipped = Object.keys(shippedSources());
  for (const pack of shipped)
    if (shippedPolicy(pack) === null)
      return { code: "installation_damaged", message: `the pack \`${pack}\` is missing`, hint: "install CAVRA again" };
  const sources = findSources("", env);
  for (const source of sources.library) {
    const compiled = compileSources({ ...sources, host: source, settings: null });
    if (!compiled.ok)
      return {
        code: "policy_invalid",
        message: `the host's pack \`${source.path}\` does not compile`,
        hint: `run \`cavra policy validate ${source.path}\``,
      };
  }
  if (registryInForce(env) !== null) {
    const registry = readRegistryFile(registryFile(env));
    if (!registry.ok) return { ...registry.problem, hint: "run `cavra mcp check`" };
  }
  const signed = policySigning(env) === null ? "" : ", signed as this host asks";
  return `${id}@${version} is in force${signed}; ${count(shipped.length + sources.library.length, "pack")} valid`;
}

function modeFound(terminal: Terminal, options: RuntimeOptions): Found {
  const { env } = terminal;
  const settings = readSettings(options, terminal);
  if (!settings.ok) return settings.problem;
  const trust = trustSetting(configDir(env));
  if (!trust.ok) return trust.problem;
  if (trust.value === "asserted")
    return {
      code: "trust_asserted",
      message: "documents are believed at their word on this host",
      hint: `take \`${TRUST_FILE}\` out of the configuration folder`,
    };
  const paused = pauseInForce(env, momentNow);
  if (paused !== null) return { code: "paused", message: `nothing is stopped until ${paused.ends_at}`, hint: "run `cavra resume`" };
  const { mode } = policyInForce("/", env, () => compileSources);
  if (readHostSettings(env).observe !== null || mode !== "enforce")
    return {
      code: "observing",
      message: "this host only records, and stops nothing",
      hint: "run `cavra observe off`; a policy's own `mode` is in its file",
    };
  return `the policy is enforced; the second engine is ${settings.value.mode}`;
}
