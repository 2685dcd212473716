// Policies written as lines, so that a change at random still leaves most of them: `host rule deny effect=read path=**/.env unless via=sudo`.
// What a line does not say rightly is left out. Ids of rules are the places of their lines.

import type { CallEffect } from "../src/change/index.js";
import { loadPack, type Pack } from "../src/policy/index.js";

const VERDICTS = ["allow", "warn", "require_approval", "deny"];
const SEVERITIES = ["low", "medium", "high"];
const KINDS = ["read", "write", "delete", "exec", "git", "network", "operate", "call", "opaque"];
const FLAGS = ["unknown", "inside_workspace", "in_temp", "known", "harmless"];
const MOST = 12;

type Layer = "aunt" | "parent" | "host" | "work";
type Said = Readonly<Record<string, unknown>>;
interface Line {
  readonly layer: Layer;
  readonly said: Said;
}

export interface PolicyLines {
  readonly rules: readonly Line[];
  /** The same rules as they would be if they denied: to be added. */
  readonly denials: readonly Line[];
  readonly defaults: readonly Line[];
  readonly overrides: readonly Line[];
  readonly exceptions: readonly Line[];
  readonly trust: readonly Line[];
  readonly runs: readonly string[];
  readonly calls: readonly CallEffect[];
}

export function policyLines(text: string): PolicyLines {
  const lines = text.split("\n").slice(0, MOST * 2);
  const found = { rules: [], denials: [], defaults: [], overrides: [], exceptions: [], trust: [], runs: [], calls: [] } as Found;
  for (const [at, line] of lines.entries()) {
    const words = line.split(" ").filter((word) => word !== "");
    const [first = "", second = "", ...rest] = words;
    if (first === "run") found.runs.push(line.slice(line.indexOf("run") + "run".length).trim());
    else if (first === "call") found.calls.push(callOf(second, rest[0] ?? "unknown"));
    else if (first === "host" || first === "work" || first === "parent" || first === "aunt") takeWords(found, at, first, second, rest);
  }
  return found;
}

/** The lines in the opposite order, and so the items of every list in them. */
export function shuffled(lines: PolicyLines): PolicyLines {
  const turned = (list: readonly Line[]) => [...list].reverse().map(({ layer, said }) => ({ layer, said: turnedValue(said) as Said }));
  const { runs, calls } = lines;
  return {
    ...{ rules: turned(lines.rules), denials: turned(lines.denials), defaults: turned(lines.defaults) },
    ...{ overrides: turned(lines.overrides), exceptions: turned(lines.exceptions), trust: turned(lines.trust), runs, calls },
  };
}

function turnedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedValue).reverse();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, turnedValue(one)])
      .reverse(),
  );
}

/** The pack of a layer; null where nobody would load it. The host's inherits the two others of the host. */
export function packOf(lines: PolicyLines, layer: Layer, inherits: readonly Layer[] = ["aunt", "parent"]): Pack | null {
  const of = (list: readonly Line[]) => list.filter((line) => line.layer === layer).map(({ said }) => said);
  const pack = {
    ...{ schema_version: "cavra.policy.v1", id: layer, version: "1" },
    ...(layer === "host" ? { inherits } : {}),
    defaults: Object.fromEntries(of(lines.defaults).map(({ kind, ...said }) => [kind, said])),
    rules: of(lines.rules),
    overrides: of(lines.overrides),
    exceptions: of(lines.exceptions),
    mcp_trust: { servers: Object.fromEntries(of(lines.trust).map(({ server, ...said }) => [server, said])) },
  };
  const loaded = loadPack(JSON.stringify(pack), `${layer}.yaml`, layer === "work" ? "workspace" : "host");
  return loaded.ok ? loaded.value : null;
}

type Found = { -readonly [K in keyof PolicyLines]: PolicyLines[K][number][] };

function takeWords(found: Found, at: number, layer: Layer, what: string, words: readonly string[]): void {
  const add = (list: Line[], said: Said) => list.push({ layer, said });
  const [first = "", second = "", third] = words;
  // One of each name, in one pack and in packs side by side: of several the last would stand, and that is an order which counts.
  const place = placeOf(layer);
  const isNew = (list: readonly Line[], key: string, value: string) =>
    !list.some((line) => placeOf(line.layer) === place && line.said[key] === value);
  if (what === "rule" && VERDICTS.includes(first)) {
    const rule = { id: `r${at}`, severity: SEVERITIES[at % SEVERITIES.length], reason: `line ${at}`, ...clausesOf(words.slice(1)) };
    add(found.rules, { ...rule, verdict: first });
    add(found.denials, { ...rule, id: `d${at}`, verdict: "deny" });
  } else if (what === "default" && KINDS.includes(first) && VERDICTS.includes(second) && isNew(found.defaults, "kind", first)) {
    const isOpaque = first === "opaque" || third === undefined || !VERDICTS.includes(third);
    add(found.defaults, { kind: first, verdict: second, ...(isOpaque ? {} : { unknown: third }) });
  } else if (what === "override" && VERDICTS.includes(second) && !found.overrides.some(({ said }) => said.rule === `r${first}`)) {
    add(found.overrides, { rule: `r${first}`, verdict: second });
  } else if (what === "except") {
    add(found.exceptions, { rule: `r${first}`, reason: `line ${at}`, match: clausesOf(words.slice(1)).match });
  } else if (what === "trust" && isNew(found.trust, "server", first)) {
    add(found.trust, { server: first, tier: second });
  }
}

function placeOf(layer: Layer): string {
  return layer === "aunt" ? "parent" : layer;
}

function clausesOf(words: readonly string[]): { readonly match: Said; readonly unless?: Said } {
  const cut = words.indexOf("unless");
  const match = clauseOf(cut < 0 ? words : words.slice(0, cut));
  return cut < 0 ? { match } : { match, unless: clauseOf(words.slice(cut + 1)) };
}

function clauseOf(words: readonly string[]): Said {
  const pairs = words.flatMap((word) => {
    const [key = "", value = ""] = [word.slice(0, Math.max(0, word.indexOf("="))), word.slice(word.indexOf("=") + 1)];
    const items = value.split(",").filter((item) => item !== "");
    if (key === "" || items.length === 0) return [];
    return [[key, FLAGS.includes(key) ? value === "true" : items]];
  });
  return Object.fromEntries(pairs);
}

function callOf(name: string, capability: string): CallEffect {
  const [server = "", tool = ""] = name.split("/");
  return { kind: "call", server, tool, capability, span: { start: 0, end: 0 }, via: [], place: "here" };
}
