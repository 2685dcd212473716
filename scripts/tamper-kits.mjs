// Tampers with an auditor's kit in every way that it knows, and counts what is refused, with which code, by cavra and by the shell script.
//
//   node scripts/tamper-kits.mjs [--sample N] [--deep N] [--lies N] [--shell N] [--jobs N] [--seed N] [--agree]
//
// --sample: so many changed bytes at random places, and a tenth as many cuts. --deep: so many more with a new digest, and so many with a new seal of
// the ledger's own. --lies: so many by whoever has the ledger's key: records out, moved or invented, documents out, another answer. Every line is
// deleted, doubled and swapped. --shell N: one of N is also shown to the script, --jobs at a time, and the first ones of each kind; its code must be cavra's,
// but for a request that is no longer canonical JSON, which the script does not look for: nobody signs it, and another request is met by its digest.
// --agree: first all kits of the tests, whatever their records, state and documents, are shown to both. How far it is stands on the standard error
// every ten seconds. Ends with 1 on a wrong code, or an answer that differs.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    sample: { type: "string", default: "2000" },
    deep: { type: "string", default: "500" },
    lies: { type: "string", default: "100" },
    shell: { type: "string", default: "0" },
    jobs: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    agree: { type: "boolean", default: false },
  },
});
const work = mkdtempSync(join(tmpdir(), "cavra-tamper-kits-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const code = await load();
const { CHECK, SAMPLE_NOW, verifyKit, tamperedKit, toldOf, changeByte, changeLines, cutAndPaste, ownerLie, diceOf } = code;
const layout = tamperedKit();
const dice = diceOf(Number(options.seed));
const begun = Date.now();
const counts = new Map();
const kinds = new Map();
const shownKinds = new Map();
const wrong = [];
const free = Array.from({ length: Number(options.jobs) }, (_, i) => i);
const busy = new Set();
const tally = { tried: 0, accepted: 0, shell: 0, agreed: 0, unseen: 0 };
let [stopped, shownAt] = [false, Date.now()];
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => (stopped = true));

if (options.agree) await agree();
for (const one of tamperings()) {
  if (stopped) break;
  await shown();
  const told = judge(one);
  if (isForShell(one)) await withFree(async (place) => compare(one, told, await byShell(one.bytes, place)));
}
await Promise.all(busy);
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
report();

async function agree() {
  const kits = [
    ...code.SCENARIOS.map((scenario) => [scenario.name, code.sampleKit(scenario).bytes]),
    ...[...code.DOCUMENT_KITS, ...vectors().map(code.recordKit)].map(({ name, kit }) => [name, kit]),
  ];
  for (const [name, bytes] of kits) {
    if (stopped) return;
    await withFree(async (place) => {
      tally.agreed++;
      await shown();
      const kit = verifyKit(bytes, CHECK);
      compare({ kind: name }, kit.ok ? JSON.stringify(kit.value.answer) : kit.problem.code, await byShell(bytes, place));
    });
  }
  await Promise.all(busy);
}

function vectors() {
  const folder = join(root, "spec", "vectors", "audit-answer");
  const names = readdirSync(folder).filter((name) => name !== "manifest.json");
  return names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}

function* tamperings() {
  yield { kind: "whole", bytes: layout.bytes, right: ["same"] };
  for (const depth of ["as_it_is", "redigested", "resealed"]) yield* changeLines(layout, depth);
  for (let i = 0; i < Number(options.lies); i++) yield ownerLie(layout, dice);
  for (let i = 0; i < Number(options.deep); i++) for (const depth of ["redigested", "resealed"]) yield changed(depth, layout.seal);
  for (let i = 0; i < Number(options.sample); i++) {
    yield changed("as_it_is", layout.bytes.length);
    if (i % 10 === 0) yield* cutAndPaste(layout, dice.below(layout.bytes.length), dice.below(256));
  }
}

// Half of the changes are of one bit, as a disk makes them; the others are of any value.
function changed(depth, length) {
  const at = dice.below(length);
  const there = layout.bytes[at];
  const value = dice.below(2) === 0 ? there ^ (1 << dice.below(8)) : (there + 1 + dice.below(255)) % 256;
  return changeByte(layout, at, value, depth);
}

function judge(one) {
  tally.tried++;
  const told = toldOf(one.bytes, layout, CHECK);
  const name = `${one.kind} ${told}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
  if (told === "same") tally.accepted++;
  if (!one.right.includes(told)) wrong.push(`${one.kind}: cavra says ${told}, right is ${one.right.join(" or ")}`);
  return told === "same" ? layout.answer : told;
}

// One of so many, and of each kind the first, second, fourth, eighth: rare kinds must come too.
function isForShell({ kind }) {
  const oneOf = Number(options.shell);
  if (oneOf === 0) return false;
  const seen = (kinds.get(kind) ?? 0) + 1;
  kinds.set(kind, seen);
  return (seen <= 8 && (seen & (seen - 1)) === 0) || dice.below(oneOf) === 0;
}

async function withFree(run) {
  if (free.length === 0) await Promise.race(busy);
  const place = free.pop();
  const done = run(place).then(() => {
    free.push(place);
    busy.delete(done);
  });
  busy.add(done);
}

function compare({ kind, within = "" }, cavra, script) {
  tally.shell++;
  shownKinds.set(kind, (shownKinds.get(kind) ?? 0) + 1);
  if (cavra === script) return;
  const isUnseen = within === "approval_request" && cavra === "audit_document_malformed";
  if (isUnseen && (script === "audit_documents_differ" || script === layout.answer)) tally.unseen++;
  else wrong.push(`${kind}: the script says ${script}, cavra ${cavra}`);
}

/** The code of a refusal, or the answer that it printed. */
function byShell(bytes, place) {
  const kit = join(work, `kit-${place}`);
  writeFileSync(kit, bytes);
  const env = { PATH: process.env.PATH, TMPDIR: work, CAVRA_NOW: SAMPLE_NOW };
  const child = spawn("sh", [join(root, "docs", "audit-without-cavra.sh"), kit, CHECK.pin], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [output, complaint] = ["", ""];
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (complaint += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      const refused = /^refused: ([a-z_]+)\n$/.exec(complaint)?.[1] ?? `? ${complaint}`;
      resolve(status === 0 && complaint === "" ? output.trimEnd().split("\n").at(-1) : refused);
    });
  });
}

/** How far it is, for whoever looks on, a person or a log; also the moment in which a signal and the ends of processes are heard. */
async function shown() {
  await new Promise((resolve) => setImmediate(resolve));
  const now = Date.now();
  if (now - shownAt < (process.stderr.isTTY ? 200 : 10_000)) return;
  shownAt = now;
  const line = `${Math.round((now - begun) / 1000)} s: ${tally.tried} tried, ${tally.shell} by the script, ${wrong.length} wrong`;
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

function report() {
  const figures = {
    bytes: layout.bytes.length,
    seed: options.seed,
    ...tally,
    seconds: Math.round((Date.now() - begun) / 1000),
    wrong: wrong.length,
  };
  console.log(
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
  );
  for (const [name, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${String(count).padStart(9)}  ${name}`);
  const byScript = [...kinds.keys()].sort().map((kind) => `${kind} ${shownKinds.get(kind) ?? 0}`);
  if (byScript.length > 0) console.log(`by the script: ${byScript.join(", ")}`);
  for (const line of wrong.slice(0, 50)) console.log(`WRONG  ${line}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

async function load() {
  const outfile = join(work, "tamper-kits-code.mjs");
  const contents = `export { verifyKit } from "./src/promotion/index.js"; export { CHECK, SAMPLE_NOW, sampleKit } from "./test/promotion/audit/sample-kit.js";
export * from "./test/promotion/audit/tamper-kit.js"; export { SCENARIOS } from "./test/promotion/audit/scenarios.js";
export { DOCUMENT_KITS } from "./test/promotion/audit/document-kits.js"; export { recordKit } from "./test/promotion/audit/record-kits.js"; export { diceOf } from "./test/dice.js";`;
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
}
