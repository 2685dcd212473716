// One case of a campaign: what is asked, and of which strata it is. A case is a pure function of seed, index and material. Implements spec/parity.md section 2.

import type { Evaluation } from "../../backend/index.js";
import type { Action, ActionType, Facts } from "../../change/index.js";
import { type Dice, diceFor, type Seed } from "./dice.js";
import { worldsFor } from "./facts.js";
import { givenLine, hostileLine, mutated, type Stocked, stocked } from "./hostile.js";
import type { Material } from "./material.js";
import { programCall } from "./program-lines.js";
import { shellLine } from "./shell-lines.js";
import { fromGlob, ODD_NAMES, wellFormed } from "./texts.js";
import { code, filled, path, quoted, value } from "./words.js";

export interface Case {
  readonly evaluation: Evaluation;
  /** How it was made: `program`, `shell`, `language`, `policy`, `hostile_soup`, …. */
  readonly family: string;
  readonly hostile: boolean;
  readonly constructs: readonly string[];
  readonly entries: readonly string[];
}

/** All cases of a campaign. */
export function casesOf(seed: Seed, material: Material): (index: number) => Case {
  const [worlds, stock, subjects] = [worldsFor(seed, material), stocked(seed, material), subjectsFor(seed, material)];
  return (index) => caseAt(diceFor(seed, index), worlds, subjects, stock);
}

function caseAt(dice: Dice, worlds: readonly Facts[], subjects: readonly Subject[], material: Stocked): Case {
  const made = dice.pick(FAMILIES)(dice, material);
  const facts = dice.pick(worlds);
  const [cwd, workspace_root] = dice.once(6) ? dice.pick(PLACES) : PLAIN_PLACE;
  const action: Action = { operation: "", arguments: "", ...made.action, target: wellFormed(made.action.target), cwd, workspace_root };
  return {
    evaluation: { action, facts, subject: dice.pick(subjects) },
    family: made.family,
    hostile: made.family.startsWith("hostile"),
    constructs: made.constructs ?? [],
    entries: made.entries ?? [],
  };
}

const PLAIN_PLACE = ["/srv/app", "/srv/app"] as const;
const PLACES: readonly (readonly [string, string])[] = [
  ["/srv/app/src", "/srv/app"],
  ["/", "/srv/app"],
  ["/tmp", "/srv/app"],
  ["/srv/app", "/"],
  ["", ""],
  ["/srv/app/", "/srv/app/"],
  ["/home/p", "/home/p"],
  ["srv", "app"],
  ["/srv/é", "/srv/é"],
  ["/srv/app/../x", "/srv/app"],
  ["/SRV/app", "/srv/app"],
];

type Subject = Evaluation["subject"];

/** So many there are in a campaign; each is written as JSON once. */
const SUBJECTS = 1_024;
/** Where their throws begin, behind those of the stock. */
const SUBJECTS_AT = -131_072;

function subjectsFor(seed: Seed, material: Material): readonly Subject[] {
  return Array.from({ length: SUBJECTS }, (_, at) => subjectFor(diceFor(seed, SUBJECTS_AT - at), material));
}

function subjectFor(dice: Dice, { texts }: Material): Subject {
  const name = () =>
    dice.once(8) && texts.agents.length > 0
      ? fromGlob(dice, dice.pick(texts.agents), filled)
      : dice.pick(["", "claude-code", "p", "ci", "É"]);
  return {
    agent: name(),
    user: name(),
    now: dice.pick(["2026-01-01T00:00:00.000Z", "2026-11-23T12:00:00.000Z", "2030-12-31T23:59:59.999Z", ""]),
  };
}

interface Made {
  readonly action: Pick<Action, "action_type" | "target"> & Partial<Action>;
  readonly family: string;
  readonly constructs?: readonly string[];
  readonly entries?: readonly string[];
}
type Family = (dice: Dice, material: Stocked) => Made;

const command = (target: string, family: string, about: Pick<Made, "constructs" | "entries"> = {}): Made => ({
  action: { action_type: "execute_command", target },
  family,
  ...about,
});

const program: Family = (dice, material) => {
  const { text, entry } = programCall(dice, material);
  return command(text, "program", { entries: [entry] });
};
/** Once in so many a line of the shell has what is inside of something inside of something. */
const DEEPER = 12;
const shell: Family = (dice, material) => {
  const { text, constructs, entries } = shellLine(dice, material, dice.once(DEEPER) ? 2 : 1);
  return command(text, "shell", { constructs, entries });
};
const language: Family = (dice, material) => {
  const [name, call] = dice.pick(CODE_CALLS);
  const given = material.code[name] ?? [];
  const known = given.length > 0 && dice.below(3) > 0 ? dice.pick(given) : code(dice, name, material);
  const text = dice.once(2) ? mutated(dice, known, given.length > 0 ? dice.pick(given) : known) : known;
  return command(`${call} ${quoted(dice, text)}${dice.once(3) ? ` ${path(dice, material)}` : ""}`, "language");
};
const hostile: Family = (dice, material) => {
  const { text, kind } = hostileLine(dice, material);
  const type = dice.once(12) ? dice.pick(TYPES) : "execute_command";
  return {
    action: { action_type: type, target: text, arguments: type === "mcp_tool_call" ? wellFormed(text) : "" },
    family: `hostile_${kind}`,
  };
};
const corpus: Family = (dice, material) =>
  material.lines.length === 0 ? program(dice, material) : command(givenLine(dice, material), "corpus");

const CODE_CALLS: readonly (readonly [string, string])[] = [
  ["python", "python3 -c"],
  ["python", "python -"],
  ["javascript", "node -e"],
  ["perl", "perl -e"],
  ["perl", "perl -pi -e"],
  ["ruby", "ruby -e"],
  ["php", "php -r"],
  ["awk", "awk"],
  ["awk", "gawk -F:"],
  ["sed", "sed"],
  ["sed", "sed -i"],
  ["sed", "sed -n -e"],
  ["sql", "psql -c"],
  ["sql", "sqlite3 a.db"],
  ["sql", "mysql -e"],
  ["redis", "redis-cli"],
  ["mongo", "mongosh --eval"],
  ["shell", "bash -c"],
  ["make", "make -f - <<<"],
];
const TYPES: readonly ActionType[] = ["read_file", "write_file", "git_operation", "network_request", "mcp_tool_call"];

const file: Family = (dice, material) => {
  const target = dice.once(8)
    ? dice.pick(ODD_NAMES)
    : dice.once(3) || material.texts.paths.length === 0
      ? path(dice, material)
      : fromGlob(dice, dice.pick(material.texts.paths), filled);
  const type = dice.pick(["read_file", "write_file", "write_file"] as const);
  return {
    action: { action_type: type, target, operation: type === "read_file" ? "" : dice.pick(["write", "edit", "delete", "", "x"]) },
    family: "file",
  };
};
const git: Family = (dice, material) => {
  const { text, entry } = programCall(dice, material, material.git);
  return { action: { action_type: "git_operation", target: text.replace(/^\S+ ?/, "") }, family: "git", entries: [entry] };
};
const network: Family = (dice, material) => {
  const host =
    dice.once(2) && material.texts.hosts.length > 0
      ? fromGlob(dice, dice.pick(material.texts.hosts), filled)
      : dice.pick(["h.example", "LOCALHOST", "127.0.0.1", "[::1]", "é.example", "a.b.", ""]);
  const target = `${dice.pick(["http://", "https://", "HTTPS://", "", "ftp://", "file://", "//"])}${dice.pick(["", "", "u@", "u:p@"])}${host}${dice.pick(["", ":80", ":", "/a", "/?q#f", "\\x", "#", "/ä b"])}`;
  return {
    action: {
      action_type: "network_request",
      target,
      operation: dice.pick(["GET", "POST", "get", "PUT", "", "é"]),
      arguments: dice.pick(["", "{}", "x"]),
    },
    family: "network",
  };
};
const call: Family = (dice, material) =>
  material.registered.length > 0 && !dice.once(4) ? registeredCall(dice, material) : anyCall(dice, material);

/** Of what the registry lists: as it stands, in another case, with the approved description, another one, or none. */
function registeredCall(dice: Dice, material: Stocked): Made {
  const { server, tool, description } = dice.pick(material.registered);
  const spelt = (name: string) => (dice.once(6) ? name.toUpperCase() : name);
  return {
    action: {
      action_type: "mcp_tool_call",
      target: `${spelt(server)}/${spelt(tool)}`,
      operation: dice.pick(["", description, description.toUpperCase(), "x"]),
      arguments: dice.pick(["", "{}", ...BROKEN_JSON]),
    },
    family: "registered",
  };
}

const anyCall: Family = (dice, material) => {
  const { server, tool, keys } = dice.pick(material.tools);
  const named =
    dice.once(3) && material.texts.calls.length > 0
      ? fromGlob(dice, dice.pick(material.texts.calls), filled)
      : server.replaceAll("*", dice.pick(["fs", "x", "GitHub", ""]));
  const members = Array.from(
    { length: dice.below(4) },
    () =>
      `${JSON.stringify(dice.once(5) ? dice.pick(ODD_NAMES) : (keys.length > 0 ? dice.pick(keys) : "a").split(".")[0])}:${argument(dice, material)}`,
  );
  const text = `{${[...new Set(members)].join(",")}}`;
  const broken = dice.once(8) ? dice.pick(BROKEN_JSON) : text;
  const target = dice.pick([
    `${named}/${tool}`,
    `${named}/${tool}`,
    `${named}/${tool.toUpperCase()}`,
    tool,
    `/${tool}`,
    `${named}/`,
    `a/b/${tool}`,
  ]);
  return { action: { action_type: "mcp_tool_call", target, arguments: wellFormed(broken) }, family: "call" };
};

const BROKEN_JSON = [
  "",
  "{",
  "[]",
  "null",
  '{"a":1,"a":2}',
  '{"path":"\\ud800"}',
  '{"path":1e400}',
  '{"path":-0}',
  "{'a':1}",
  '{"command":"ls"} ',
  '\ufeff{"a":1}',
  '{"path":"a\u0000b"}',
  '{"path":"\\u0000"}',
  "[".repeat(130),
  '{"__proto__":{"path":"x"}}',
  '{"command":["rm","-rf","/"]}',
  '{"path":9007199254740993}',
];

function argument(dice: Dice, material: Material): string {
  const text = dice.pick([path, value])(dice, material);
  return dice.pick([
    JSON.stringify(text),
    JSON.stringify(text),
    `[${JSON.stringify(text)},${JSON.stringify(programCall(dice, material).text)}]`,
    JSON.stringify({ path: text, command: text }),
    "1",
    "null",
    "true",
    "-0",
    "1.5",
    '"\\u0041"',
    JSON.stringify(programCall(dice, material).text),
  ]);
}

const twice = (family: Family, times: number): readonly Family[] => Array.from({ length: times }, () => family);

/** By weight: of a hundred cases so many. `hostile` must keep its third. */
const FAMILIES: readonly Family[] = [
  ...twice(program, 18),
  ...twice(shell, 16),
  ...twice(language, 7),
  ...twice(file, 6),
  ...twice(git, 5),
  ...twice(network, 3),
  ...twice(call, 5),
  ...twice(corpus, 4),
  ...twice(hostile, 36),
];
