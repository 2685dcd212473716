// Tampers with a bundle in every way that it knows, and counts what is refused, with which code, by cavra and by the shell script.
//
//   node scripts/tamper.mjs [--records N | --bundle FILE --root-key KEY_ID] [--every-byte | --every-bit] [--sample N] [--deep N] [--bytes-only]
//     [--shell N] [--jobs N] [--seed N] [--json]
//
// --records: of the bundle that is made (3). --every-byte: each byte set to each of the 255 other values; --every-bit: to the eight that differ in one bit. --sample: so many changed bytes at random places.
// --deep: so many more with a new digest, and so many with a new seal of the ledger's own. --shell N: one of N is also shown to the script, --jobs
// at a time, and the first ones of each kind; its code must be cavra's. Lines, cuts and lies are tried too unless
// --bytes-only says otherwise, at most 2,000 lines and 5,000 places. Stopped with Ctrl-C it reports what was tried until then. Ends with 1 on a wrong code.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    bundle: { type: "string" },
    "root-key": { type: "string", default: "" },
    records: { type: "string", default: "3" },
    "every-byte": { type: "boolean", default: false },
    "every-bit": { type: "boolean", default: false },
    "bytes-only": { type: "boolean", default: false },
    sample: { type: "string", default: "2000" },
    deep: { type: "string", default: "500" },
    shell: { type: "string", default: "0" },
    jobs: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const work = mkdtempSync(join(tmpdir(), "cavra-tamper-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const { verifyBundle, tamperSample, layoutOf, changeByte, changeLines, cutAndPaste, diceOf } = await load();
const sample = options.bundle === undefined ? tamperSample(Number(options.records)) : givenBundle(options.bundle);
const { layout, check, sealer } = sample;
const depths = sealer === null ? ["as_it_is", "redigested"] : ["as_it_is", "redigested", "resealed"];
const dice = diceOf(Number(options.seed));
const begun = Date.now();
const counts = new Map();
const wrong = [];
const kinds = new Map();
const shell = { tried: 0 };
const oneOf = Number(options.shell);
const free = Array.from({ length: Number(options.jobs) }, (_, i) => i);
const busy = new Set();
let cavraMs = 0;
let tried = 0;

let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => (stopped = true));

for (const one of tamperings()) {
  if (stopped) break;
  if (tried % 1000 === 0) await shown();
  const code = judge(one);
  if (isForShell(one)) await judgeWithShell(one, code);
}
await Promise.all(busy);
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
report();

// Of a bundle from elsewhere the ledger's key is not known: what takes it is left out.
function givenBundle(file) {
  const check = { pin: options["root-key"], nowMs: Date.now(), seenTrustVersion: 0 };
  const now = new Date(check.nowMs).toISOString();
  const verified = verifyBundle(readFileSync(file), check);
  if (!verified.ok) throw new Error(`the bundle itself is refused: ${verified.problem.code}`);
  return { layout: layoutOf(readFileSync(file)), check, now, seen: verified.value.checkpoint.note, sealer: null, lies: [] };
}

function* tamperings() {
  if (options["every-byte"]) yield* everyByte();
  if (options["every-bit"]) yield* everyBit();
  for (let i = 0; i < Number(options.sample); i++) yield changed("as_it_is", layout.bytes.length);
  for (const depth of depths.slice(1)) for (let i = 0; i < Number(options.deep); i++) yield changed(depth, layout.seal);
  if (options["bytes-only"]) return;
  yield* sample.lies;
  const lines = layout.lines.slice(0, -1);
  const step = Math.ceil(lines.length / 2000);
  const some = lines.filter((_, i) => i % step === 0);
  for (const depth of depths) yield* changeLines(layout, depth, sealer, some);
  const stride = Math.ceil(layout.bytes.length / 5000);
  for (let at = 0; at < layout.bytes.length; at += stride)
    yield* cutAndPaste(layout, Math.min(at + dice.below(stride), layout.bytes.length - 1), dice.below(256));
}

function* everyByte() {
  for (let at = 0; at < layout.bytes.length; at++) {
    for (let value = 0; value < 256; value++) if (value !== layout.bytes[at]) yield changeByte(layout, at, value, "as_it_is", sealer);
  }
}

function* everyBit() {
  for (let at = 0; at < layout.bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) yield changeByte(layout, at, layout.bytes[at] ^ (1 << bit), "as_it_is", sealer);
  }
}

/** How far it is, for whoever looks on; also the moment in which a signal is heard. */
async function shown() {
  const seconds = Math.max(1, Math.round((Date.now() - begun) / 1000));
  if (process.stderr.isTTY)
    process.stderr.write(`\r\x1b[K${tried} tried in ${seconds} s, ${shell.tried} by the script too, ${wrong.length} wrong`);
  await new Promise((resolve) => setImmediate(resolve));
}

// Half of the changes are of one bit, as a disk makes them; the others are of any value.
function changed(depth, length) {
  const at = dice.below(length);
  const there = layout.bytes[at];
  const value = dice.below(2) === 0 ? there ^ (1 << dice.below(8)) : (there + 1 + dice.below(255)) % 256;
  return changeByte(layout, at, value, depth, sealer);
}

function judge(one) {
  tried++;
  const started = performance.now();
  const verified = verifyBundle(one.bytes, check);
  const code = verified.ok ? "ACCEPTED" : verified.problem.code;
  cavraMs += performance.now() - started;
  const name = `${one.kind} ${code}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
  if (!one.right.includes(code)) wrong.push(`${one.kind}: cavra says ${code}, right is ${one.right.join(" or ")}`);
  return code;
}

// One of so many, and of each kind the first, second, fourth, eighth: rare kinds must come too.
function isForShell({ kind }) {
  if (oneOf === 0) return false;
  const seen = (kinds.get(kind) ?? 0) + 1;
  kinds.set(kind, seen);
  return (seen <= 8 && (seen & (seen - 1)) === 0) || dice.below(oneOf) === 0;
}

// So many at a time; whoever comes later waits, so that few bundles are in memory.
async function judgeWithShell(one, code) {
  if (free.length === 0) await Promise.race(busy);
  const folder = free.pop();
  const done = shellCode(one.bytes, folder).then((told) => {
    shell.tried++;
    if (told !== code) wrong.push(`${one.kind}: the script says ${told}, cavra ${code}`);
    free.push(folder);
    busy.delete(done);
  });
  busy.add(done);
}

function shellCode(bytes, i) {
  const bundle = join(work, `bundle-${i}`);
  const seen = join(work, "seen");
  writeFileSync(bundle, bytes);
  writeFileSync(seen, sample.seen);
  const env = { PATH: process.env.PATH, TMPDIR: work, CAVRA_NOW: sample.now, CAVRA_TRUST_SEEN: String(check.seenTrustVersion) };
  const child = spawn("dash", [join(root, "docs", "verify-without-cavra.sh"), bundle, check.pin, seen], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (data) => {
    told += data;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) =>
      resolve(status === 0 && told === "" ? "ACCEPTED" : (/^refused: ([a-z_]+)\n$/.exec(told)?.[1] ?? `? ${told}`)),
    );
  });
}

function report() {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const figures = {
    records: layout.lines.filter(({ section }) => section === "records").length,
    bytes: layout.bytes.length,
    seed: Number(options.seed),
    tried,
    seconds: Math.round((Date.now() - begun) / 1000),
    cavra_ms_each: Number((cavraMs / tried).toFixed(3)),
    shell: shell.tried,
    wrong: wrong.length,
  };
  if (options.json) console.log(JSON.stringify({ ...figures, counts: Object.fromEntries(rows) }));
  else {
    console.log(
      Object.entries(figures)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
    );
    for (const [name, count] of rows) console.log(`${String(count).padStart(9)}  ${name}`);
  }
  for (const line of wrong.slice(0, 50)) console.log(`WRONG  ${line}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

async function load() {
  const outfile = join(work, "tamper-code.mjs");
  const contents = `export { verifyBundle } from "./src/evidence/index.js"; export { tamperSample } from "./test/evidence/bundle/tamper-sample.js";
export { layoutOf, changeByte, changeLines, cutAndPaste } from "./test/evidence/bundle/tamper.js"; export { diceOf } from "./test/dice.js";`;
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
