// Enforces STYLE.md rule 3: imports point down the table, siblings never meet, folders are entered through their index, nothing is circular,
// and nothing pure reaches the world. The table is the one in ARCHITECTURE.md; this test fails when they differ.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** What each folder may import from src/. `generated` is data that the build makes. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  base: [],
  change: ["base"],
  policy: ["base"],
  evidence: ["base"],
  identity: ["base"],
  approval: ["base", "change", "policy", "evidence"],
  store: ["base", "evidence", "identity", "approval", "promotion"],
  backend: ["base", "change"],
  authority: ["base", "change", "policy", "evidence", "approval", "store", "backend"],
  agents: ["base", "change", "evidence", "authority"],
  promotion: ["base", "evidence", "approval"],
  notify: ["base", "evidence", "promotion", "store"],
  parity: ["base", "change", "policy", "evidence", "backend", "promotion"],
  release: ["base", "evidence", "approval", "store", "backend", "authority", "promotion"],
  daemon: ["base", "evidence", "store", "backend", "authority", "agents", "promotion", "release"],
  drills: ["base", "store", "daemon", "promotion"],
  server: ["base", "change", "evidence", "identity"],
  team: ["base", "evidence", "identity", "store"],
  cli: [
    "base",
    "change",
    "policy",
    "evidence",
    "identity",
    "approval",
    "store",
    "backend",
    "authority",
    "agents",
    "daemon",
    "drills",
    "promotion",
    "notify",
    "parity",
    "release",
    "server",
    "team",
  ],
};
const PURE = ["base", "change", "policy", "evidence", "identity", "approval", "promotion"];
/** Types may cross here: a judge must name what it judges. `policy` and `evidence` never import a value of another pure folder. */
const TYPES_ONLY: readonly string[] = ["policy -> change", "evidence -> change"];
const WORLD = /^node:(?!crypto$|util$|buffer$)|^(fs|os|path|child_process|process)$/;
const WORLD_NAMES =
  /\b(Date\.now|new Date\(\)|Math\.random|process\.|setTimeout|setInterval|performance\.|fetch\(|async |await |Promise\b)/;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.startsWith("generated"),
);
const imports = files.flatMap(importsOf);

describe("architecture", () => {
  it("has every folder in the table and nothing else", () => {
    const folders = new Set(files.map((file) => file.split("/")[0]));
    expect([...folders].sort()).toEqual(Object.keys(TABLE).sort());
  });

  it("lets imports point down only, through a folder's index", () => {
    expect(imports.filter(isForbidden).map(show)).toEqual([]);
  });

  it("has no import cycle, type-only imports included", () => {
    expect(cycles()).toEqual([]);
  });

  it("keeps clock, file, network, environment, randomness and promises out of the pure folders", () => {
    const pure = files.filter((file) => PURE.includes(folderOf(file)));
    const reaching = pure.flatMap((file) => {
      const code = withoutComments(readFileSync(join(SRC, file), "utf8"));
      const used = imports.filter((one) => one.file === file && WORLD.test(one.target)).map(show);
      return WORLD_NAMES.test(code) ? [...used, `${file}: ${WORLD_NAMES.exec(code)?.[0]}`] : used;
    });
    expect(reaching).toEqual([]);
  });

  it("keeps files below 400 lines, but for the named exceptions", () => {
    const long = files.filter((file) => readFileSync(join(SRC, file), "utf8").split("\n").length > 401);
    expect(long.filter((file) => !LONG_FILES.has(file))).toEqual([]);
  });

  it("opens every file with a comment that says what it is", () => {
    expect(files.filter((file) => !readFileSync(join(SRC, file), "utf8").startsWith("// "))).toEqual([]);
  });

  it("has the same table as ARCHITECTURE.md", () => {
    const rows = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8").matchAll(/^\| `(\w+)\/` \|([^|]*)\| [^|]* \|$/gm);
    const written = Object.fromEntries([...rows].map((row) => [row[1], [...(row[2] ?? "").matchAll(/`(\w+)`/g)].map((name) => name[1])]));
    expect(written).toEqual(TABLE);
  });
});

/** Files over 400 lines, each with its reason. */
const LONG_FILES: ReadonlyMap<string, string> = new Map([]);

function importsOf(file: string): Import[] {
  const source = readFileSync(join(SRC, file), "utf8");
  const statements = source.matchAll(/^(import|export)( type)? (?:[^"';]*? from )?"([^"]+)"/gms);
  return [...statements].map((found) => {
    const specifier = found[3] ?? "";
    const target = specifier.startsWith(".") ? normalize(join(dirname(file), specifier)).replace(/\.js$/, ".ts") : specifier;
    const named = /\{([^}]*)\}/.exec(found[0])?.[1];
    const everyNameIsType = named?.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
    return { file, target, typeOnly: found[2] !== undefined || everyNameIsType === true };
  });
}

function isForbidden(one: Import): boolean {
  const from = folderOf(one.file);
  if (!one.target.endsWith(".ts")) return false;
  const to = folderOf(one.target);
  if (from === to || to === "generated") return false;
  if (one.target !== `${to}/index.ts`) return !(to === "base" && PURE.includes(from));
  if (TABLE[from]?.includes(to)) return false;
  return !(one.typeOnly && TYPES_ONLY.includes(`${from} -> ${to}`));
}

function cycles(): string[] {
  const edges = new Map<string, string[]>();
  for (const one of imports) if (files.includes(one.target)) edges.set(one.file, [...(edges.get(one.file) ?? []), one.target]);
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push([...way.slice(way.indexOf(file)), file].join(" -> "));
      return;
    }
    state.set(file, "open");
    for (const next of edges.get(file) ?? []) visit(next, [...way, file]);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  return found;
}

function folderOf(file: string): string {
  return relative(".", file).split("/")[0] ?? "";
}

function withoutComments(source: string): string {
  return source
    .split("\n")
    .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))
    .join("\n")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

function show(one: Import): string {
  return `${one.file} -> ${one.target}`;
}
