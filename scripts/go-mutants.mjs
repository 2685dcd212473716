// Do the cases bite? Edits the second engine's sources, one edit at a time, and asks whether a short campaign or the vectors find it. Implements spec/parity.md 6.3.
//   node scripts/go-mutants.mjs [--count N] [--seed N] [--cases N] [--minutes N] [--output FILE]
// Needs `make build`. Works in a copy of go/; the sources themselves are never touched. Exit status 1 when fewer than 95 in 100 were found.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { GO_ENVIRONMENT } from "./go.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    cases: { type: "string", default: "12000" },
    minutes: { type: "string", default: "600" },
    output: { type: "string", default: "" },
  },
});

/** What judges: the folders of the engine itself. Streams, sockets and the record's half are measured by tests of their own. */
const SEED = "6d7574616e747331";
const [BUILD_MS, CAMPAIGN_MS, TEST_MS] = [120_000, 300_000, 600_000];

const FOLDERS = ["base", "change", "policy", "judgement", "engine"];

/** Each takes a line of code and gives what it could be instead; the first group says where. */
const EDITS = [
  ["comparison", / == /g, " != "],
  ["comparison", / != /g, " == "],
  ["comparison", / < /g, " <= "],
  ["comparison", / <= /g, " < "],
  ["comparison", / > /g, " >= "],
  ["comparison", / >= /g, " > "],
  ["logic", / && /g, " || "],
  ["logic", / \|\| /g, " && "],
  ["constant", /\+ ?1\b/g, "+2"],
  ["constant", /- ?1\b/g, "-2"],
  ["constant", /(?<=[=:] )(\d+)(?=[,;)]|$| \{)/g, (digits) => String(Number(digits) + 1)],
  ["condition", /(?<=^\t*if )([^;{]+)(?= \{$)/g, (condition) => `!(${condition})`],
  ["answer", /\breturn true\b/g, "return false"],
  ["answer", /\breturn false\b/g, "return true"],
  ["jump", /\bcontinue$/g, "break"],
  ["dropped", /^\t+[a-z]\w*(\.\w+)*\([^{}]*\)$/g, ""],
];

const random = randomOf(Number(values.seed));
const work = mkdtempSync(join(tmpdir(), "cavra-mutants-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
cpSync(join(ROOT, "go"), join(work, "go"), { recursive: true });
// The vectors of the Go tests stand beside go/.
cpSync(join(ROOT, "spec"), join(work, "spec"), { recursive: true });
const places = sources().flatMap(placesIn);
const [results, deadline] = [[], Date.now() + Number(values.minutes) * 60_000];
while (results.length < Number(values.count) && Date.now() < deadline) {
  const place = places.splice(Math.floor(random() * places.length), 1)[0];
  if (place === undefined) break;
  const found = judged(place);
  if (found === "") continue;
  results.push({ ...place, found });
  console.log(
    `${results.length} ${found.padEnd(9)} ${place.file}:${place.line} ${place.kind}: ${place.before.trim()} -> ${place.after.trim()}`,
  );
}
const killed = results.filter(({ found }) => found !== "survived").length;
console.log(`${killed} of ${results.length} found, of ${places.length} places that are left`);
if (values.output !== "")
  writeFileSync(values.output, `${JSON.stringify({ seed: Number(values.seed), killed, mutants: results }, null, 1)}\n`);
if (killed * 100 < results.length * 95) process.exitCode = 1;

function sources() {
  const names = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, "go", folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  return names.filter((name) => name.endsWith(".go") && !name.endsWith("_test.go")).sort();
}

function placesIn(file) {
  const lines = readFileSync(join(ROOT, "go", file), "utf8").split("\n");
  return lines.flatMap((before, at) => {
    const code = before.trim();
    if (code.startsWith("//") || code.includes("make(") || code.startsWith("import") || code.startsWith("case ")) return [];
    return EDITS.flatMap(([kind, pattern, by]) =>
      [...before.matchAll(pattern)].map((match) => {
        const after =
          before.slice(0, match.index) + (typeof by === "function" ? by(match[0]) : by) + before.slice(match.index + match[0].length);
        return { file, line: at + 1, kind, before, after };
      }),
    );
  });
}

/** `campaign`, `vectors`, `survived`; "" for an edit that does not compile. */
function judged({ file, line, after }) {
  const [original, copy, binary] = [join(ROOT, "go", file), join(work, "go", file), join(work, "cavra-runtime")];
  const lines = readFileSync(original, "utf8").split("\n");
  lines[line - 1] = after;
  writeFileSync(copy, lines.join("\n"));
  try {
    if (run("go", ["build", "-o", binary, "./cmd/cavra-runtime"], BUILD_MS) !== 0) return "";
    const campaign = [
      "runtime",
      "go-parity",
      "run",
      "--sealed",
      "--runtime-path",
      binary,
      "--cases",
      values.cases,
      "--seed",
      SEED,
      "--policy-pack",
      "cavra-strict",
      "--json",
    ];
    const given = ["--corpus", join(ROOT, "test/fixtures/corpus/commands-dev.jsonl"), "--vectors", join(ROOT, "spec/vectors")];
    // A mutant that goes on for ever, or breaks, is found too.
    if (run(process.execPath, [join(ROOT, "dist/cavra.cjs"), ...campaign, ...given], CAMPAIGN_MS) !== 0) return "campaign";
    return run("go", ["test", `./${file.split("/")[0]}/...`], TEST_MS) === 0 ? "survived" : "vectors";
  } finally {
    cpSync(original, copy);
  }
}

function run(program, args, timeout) {
  const cwd = join(work, "go");
  if (!existsSync(cwd)) throw new Error("the copy is gone");
  return spawnSync(program, args, { cwd, env: { ...process.env, ...GO_ENVIRONMENT }, timeout, killSignal: "SIGKILL", stdio: "ignore" })
    .status;
}

function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
