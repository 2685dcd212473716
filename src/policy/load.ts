// Reads one policy pack. Implements spec/policy.md section 2.
// Never throws: whatever the text is, the answer is a pack, or at least one problem with a code, one sentence and a place.

import { compileTextGlob, isStricter, type Problem, SEVERITIES, VERDICTS } from "../base/index.js";
import type { EffectKind } from "../change/index.js";
import { EFFECT_KINDS, type Instead, type Layer, MODES, OVERRIDABLE, TIERS } from "./model.js";
import type { Pack, PackDefault, PackException, PackOverride, PackRule, PackTrust } from "./pack.js";
import { inOrder } from "./problems.js";
import { MAX_ITEMS, readClause } from "./read-clause.js";
import { readTest } from "./read-test.js";
import {
  count,
  type Fields,
  inside,
  listOf,
  mapping,
  missing,
  moment,
  type Place,
  refuseExcess,
  report,
  strictList,
  text,
  word,
} from "./shape.js";
import { readYaml, type Tree } from "./yaml-tree.js";

export const PACK_SCHEMA = "cavra.policy.v1";
export const MAX_RULES = 5_000;
export const MAX_TESTS = 5_000;

export type Loaded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

const PACK_KEYS = [
  "schema_version",
  "id",
  "version",
  "description",
  "mode",
  "inherits",
  "defaults",
  "rules",
  "overrides",
  "exceptions",
  "mcp_trust",
  "approval_routes",
  "catalogue",
  "tests",
];

/** `file` is what problems are located in: a path, or a name. */
export function loadPack(source: string, file: string, layer: Layer): Loaded<Pack> {
  const tree = readYaml(source);
  if (!tree.ok)
    return {
      ok: false,
      problems: tree.problems.map((problem) => ({ ...problem, at: problem.at === undefined ? file : `${file}:${problem.at}` })),
    };
  const problems: Problem[] = [];
  const pack = readPack(tree.value, layer, { problems, file, path: "" });
  return problems.length > 0 ? { ok: false, problems: inOrder(problems) } : { ok: true, value: pack };
}

function readPack(tree: Tree, layer: Layer, place: Place): Pack {
  const fields = mapping(tree, PACK_KEYS, place);
  checkSchema(fields);
  if (tree.kind === "mapping") for (const key of ["id", "version"]) if (fields.get(key) === null) missing(fields, key);
  const catalogue = fields.get("catalogue");
  if (catalogue !== null)
    report(
      place,
      catalogue.at,
      layer === "workspace" ? "loosens_host" : "catalogue_edit",
      "a policy pack cannot change the catalogue; it comes with the installation",
    );
  const part = <T>(key: string, read: (tree: Tree, place: Place) => T, fallback: T): T => {
    const value = fields.get(key);
    return value === null ? fallback : read(value, inside(place, key));
  };
  const rules = part("rules", (value, at) => strictList(value, at, readRule, MAX_RULES), []);
  refuseTwins(rules, place);
  return {
    file: place.file,
    at: `${place.file}:${tree.at}`,
    id: part("id", readId, ""),
    version: part("version", text, ""),
    description: part("description", text, ""),
    mode: part("mode", (value, at) => word(value, MODES, at), null),
    mode_at: `${place.file}:${fields.get("mode")?.at ?? tree.at}`,
    inherits: part(
      "inherits",
      (value, at) => listOf(value, at, (item, where) => ({ id: readId(item, where), at: `${place.file}:${item.at}` }), 20),
      [],
    ),
    defaults: part("defaults", readDefaults, []),
    rules,
    overrides: part("overrides", (value, at) => strictList(value, at, readOverride, MAX_RULES), []),
    exceptions: part("exceptions", (value, at) => strictList(value, at, readException, MAX_RULES), []),
    mcp_trust: part("mcp_trust", readTrust, []),
    approval_routes: part("approval_routes", (value, at) => strictList(value, at, readRoute, 100), []),
    tests: part("tests", (value, at) => strictList(value, at, readTest, MAX_TESTS), []),
  };
}

function checkSchema(fields: Fields): void {
  const value = fields.get("schema_version");
  if (value === null) {
    if (fields.place.problems.length === 0)
      report(fields.place, fields.at, "missing_key", "`schema_version` is missing", `write \`schema_version: ${PACK_SCHEMA}\``);
  } else word(value, [PACK_SCHEMA], inside(fields.place, "schema_version"));
}

const ID_LENGTH = 100;
const RESERVED = ["default.", "mcp_trust.", "mcp_registry."];

/** Lower-case letters, digits, `.`, `_` and `-`, beginning with a letter. */
function readId(tree: Tree, place: Place): string {
  const id = text(tree, place);
  const plain = Array.from(id).every(
    (char, i) => (char >= "a" && char <= "z") || (i > 0 && ((char >= "0" && char <= "9") || "._-".includes(char))),
  );
  if (id !== "" && (!plain || id.length > ID_LENGTH)) {
    report(
      place,
      tree.at,
      "bad_id",
      `\`${id.slice(0, ID_LENGTH)}\` is no identifier`,
      `letters a-z, digits, \`.\`, \`_\`, \`-\`; first a letter; at most ${ID_LENGTH}`,
    );
  }
  if (RESERVED.some((start) => id.startsWith(start)))
    report(place, tree.at, "bad_id", `\`${id}\`: ids that begin with ${RESERVED.map((start) => `\`${start}\``).join(" or ")} are taken`);
  return id;
}

function readDefaults(tree: Tree, place: Place): readonly PackDefault[] {
  const fields = mapping(tree, EFFECT_KINDS, place);
  return EFFECT_KINDS.flatMap((kind) => {
    const value = fields.get(kind);
    return value === null ? [] : [readDefault(value, kind, inside(place, kind))];
  });
}

function readDefault(tree: Tree, kind: EffectKind, place: Place): PackDefault {
  const fields = mapping(tree, kind === "opaque" ? ["verdict"] : ["verdict", "unknown"], place);
  const read = (key: string): PackDefault["verdict"] => {
    const value = fields.get(key);
    return value === null ? null : word(value, VERDICTS, inside(place, key));
  };
  const found: PackDefault = { at: `${place.file}:${tree.at}`, kind, verdict: read("verdict"), unknown: read("unknown") };
  if (kind === "opaque" && found.verdict !== null && !isStricter(found.verdict, "warn"))
    report(place, tree.at, "wrong_value", "code that cannot be known is never let through: `opaque` is `require_approval` or `deny`");
  return found;
}

const RULE_KEYS = ["id", "verdict", "severity", "reason", "instead", "overridable", "match", "unless"];

function readRule(tree: Tree, place: Place): PackRule | null {
  const fields = mapping(tree, RULE_KEYS, place);
  if (tree.kind !== "mapping") return null;
  for (const key of ["id", "verdict", "severity", "reason", "match"]) if (fields.get(key) === null) missing(fields, key);
  const get = <T>(key: string, read: (value: Tree, at: Place) => T, fallback: T): T => {
    const value = fields.get(key);
    return value === null ? fallback : read(value, inside(place, key));
  };
  return {
    at: `${place.file}:${tree.at}`,
    id: get("id", readId, ""),
    verdict: get("verdict", (value, at) => word(value, VERDICTS, at), null) ?? "deny",
    severity: get("severity", (value, at) => word(value, SEVERITIES, at), null) ?? "medium",
    reason: get("reason", text, ""),
    instead: get("instead", readInstead, null),
    overridable: get("overridable", (value, at) => word(value, OVERRIDABLE, at), null) ?? "host",
    match: get("match", (value, at) => listOf(value, at, (item, where) => readClause(item, where, true), MAX_ITEMS), []),
    unless: get("unless", (value, at) => listOf(value, at, (item, where) => readClause(item, where, false), MAX_ITEMS), []),
  };
}

function readInstead(tree: Tree, place: Place): Instead {
  if (tree.kind === "text") return { text: text(tree, place), command: "" };
  const fields = mapping(tree, ["text", "command"], place);
  const says = fields.get("text");
  const command = fields.get("command");
  if (says === null) missing(fields, "text");
  return {
    text: says === null ? "" : text(says, inside(place, "text")),
    command: command === null ? "" : text(command, inside(place, "command")),
  };
}

function refuseTwins(rules: readonly PackRule[], place: Place): void {
  const first = new Map<string, PackRule>();
  for (const rule of rules) {
    const twin = first.get(rule.id);
    if (twin === undefined) first.set(rule.id, rule);
    else if (rule.id !== "")
      report(
        place,
        rule.at.slice(place.file.length + 1),
        "duplicate_rule",
        `two rules have the id \`${rule.id}\``,
        `the first is at ${twin.at}`,
      );
  }
}

function readOverride(tree: Tree, place: Place): PackOverride | null {
  const fields = mapping(tree, ["rule", "verdict", "severity", "instead"], place);
  if (tree.kind !== "mapping") return null;
  const rule = fields.get("rule");
  const verdict = fields.get("verdict");
  const severity = fields.get("severity");
  const instead = fields.get("instead");
  if (rule === null) missing(fields, "rule");
  if (verdict === null && severity === null && instead === null) {
    report(place, tree.at, "missing_key", `\`${place.path}\` changes nothing: give \`verdict\`, \`severity\` or \`instead\``);
  }
  return {
    at: `${place.file}:${tree.at}`,
    rule: rule === null ? "" : text(rule, inside(place, "rule")),
    verdict: verdict === null ? null : word(verdict, VERDICTS, inside(place, "verdict")),
    severity: severity === null ? null : word(severity, SEVERITIES, inside(place, "severity")),
    instead: instead === null ? null : readInstead(instead, inside(place, "instead")),
  };
}

function readException(tree: Tree, place: Place): PackException | null {
  const fields = mapping(tree, ["rule", "match", "reason", "until"], place);
  if (tree.kind !== "mapping") return null;
  for (const key of ["rule", "match", "reason"]) if (fields.get(key) === null) missing(fields, key);
  const get = <T>(key: string, read: (value: Tree, at: Place) => T, fallback: T): T => {
    const value = fields.get(key);
    return value === null ? fallback : read(value, inside(place, key));
  };
  return {
    at: `${place.file}:${tree.at}`,
    rule: get("rule", text, ""),
    match: get("match", (value, at) => listOf(value, at, (item, where) => readClause(item, where, false), MAX_ITEMS), []),
    reason: get("reason", text, ""),
    until: get("until", moment, ""),
  };
}

function readTrust(tree: Tree, place: Place): readonly PackTrust[] {
  const fields = mapping(tree, ["servers"], place);
  const servers = fields.get("servers");
  if (servers === null || servers.kind !== "mapping") {
    if (tree.kind === "mapping" && servers === null) missing(fields, "servers");
    else if (servers !== null) mapping(servers, [], inside(place, "servers"));
    return [];
  }
  const within = inside(place, "servers");
  refuseExcess(servers.entries.length, MAX_ITEMS, servers.at, within);
  return servers.entries.slice(0, MAX_ITEMS).map(({ key, at, value }) => readServer(key, at, value, inside(within, key)));
}

function readServer(server: string, at: string, tree: Tree, place: Place): PackTrust {
  checkName(server, at, place);
  const fields = mapping(tree, ["tier", "verdict", "tools"], place);
  const tier = fields.get("tier");
  const verdict = fields.get("verdict");
  const tools = fields.get("tools");
  if (tier === null && tree.kind === "mapping") missing(fields, "tier");
  return {
    at: `${place.file}:${at}`,
    server,
    tier: (tier === null ? null : word(tier, TIERS, inside(place, "tier"))) ?? "untrusted",
    verdict: verdict === null ? null : word(verdict, VERDICTS, inside(place, "verdict")),
    tools: tools === null ? [] : readTools(tools, inside(place, "tools")),
  };
}

function readTools(tree: Tree, place: Place): PackTrust["tools"] {
  if (tree.kind !== "mapping") {
    mapping(tree, [], place);
    return [];
  }
  refuseExcess(tree.entries.length, MAX_ITEMS, tree.at, place);
  return tree.entries.slice(0, MAX_ITEMS).map(({ key, at, value }) => {
    checkName(key, at, place);
    return { tool: key, verdict: word(value, VERDICTS, inside(place, key)) ?? "deny" };
  });
}

function checkName(glob: string, at: string, place: Place): void {
  const result = compileTextGlob(glob, false);
  if (!result.ok) report(place, at, result.problem.code, result.problem.message);
}

function readRoute(tree: Tree, place: Place): Pack["approval_routes"][number] | null {
  const fields = mapping(tree, ["id", "rules", "severities", "approvers", "count"], place);
  if (tree.kind !== "mapping") return null;
  for (const key of ["id", "approvers"]) if (fields.get(key) === null) missing(fields, key);
  const get = <T>(key: string, read: (value: Tree, at: Place) => T, fallback: T): T => {
    const value = fields.get(key);
    return value === null ? fallback : read(value, inside(place, key));
  };
  const texts = (value: Tree, at: Place): readonly string[] => listOf(value, at, text, MAX_ITEMS);
  return {
    at: `${place.file}:${tree.at}`,
    id: get("id", readId, ""),
    rules: get("rules", texts, []),
    severities: get("severities", (value, at) => listOf(value, at, (item, where) => word(item, SEVERITIES, where), MAX_ITEMS), []),
    approvers: get("approvers", texts, []),
    count: get("count", count, 1),
  };
}
