// Suppression never changes readiness: nothing that decides what is ready can even name a notice. Proves spec/notices.md 2.5
// over all imports; test/cli/drill-notices.test.ts shows it on the built program.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { scheduleReport } from "../../src/promotion/index.js";

const SRC = join(import.meta.dirname, "../../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.startsWith("generated"),
);
/** Who tells people, keeps what was told, and shows it. Nothing here is asked by a gate. */
const TELLERS = ["promotion/notices/", "store/notices/", "notify/", "cli/commands/notices/"];
/** Doors, which hand on names and use none; the words that a shell completes; and what a server shows of notices and counts of them. */
const DOORS = [
  ...["promotion/index.ts", "store/index.ts", "cli/commands/runtime/index.ts", "cli/commands/completion.ts"],
  ...["cli/commands/serve/notices.ts", "cli/commands/serve/metrics.ts"],
];

interface Import {
  readonly target: string;
  readonly names: readonly string[];
}

/** Every name that a file takes from another one. */
function importsOf(file: string, source: string): readonly Import[] {
  return [...source.matchAll(/^(?:import|export)(?: type)? (?:([^"';]*?) from )?"(\.[^"]+)"/gms)].map((found) => ({
    target: normalize(join(dirname(file), found[2] ?? "")).replace(/\.js$/, ".ts"),
    names: [...(found[1] ?? "").matchAll(/[A-Za-z_]\w*/g)].map((name) => name[0]).filter((name) => name !== "type" && name !== "as"),
  }));
}

const sourceOf = (file: string) => readFileSync(join(SRC, file), "utf8");

/** What the door of notices hands on, and what the door of the store hands on of theirs. */
const names = {
  "promotion/index.ts": new Set(
    importsOf("promotion/notices/index.ts", sourceOf("promotion/notices/index.ts")).flatMap((one) => one.names),
  ),
  "store/index.ts": new Set(
    importsOf("store/index.ts", sourceOf("store/index.ts"))
      .filter(({ target }) => target.startsWith("store/notices/"))
      .flatMap((one) => one.names),
  ),
};

/** Every way in which a file comes to know of notices. */
function knowing(file: string, source: string): readonly string[] {
  return importsOf(file, source).flatMap(({ target, names: taken }) => {
    const direct = TELLERS.some((folder) => target.startsWith(folder)) ? [`${file} -> ${target}`] : [];
    const known: ReadonlySet<string> = target in names ? names[target as keyof typeof names] : new Set();
    return [...direct, ...taken.filter((name) => known.has(name)).map((name) => `${file} takes ${name}`)];
  });
}

describe("no readiness", () => {
  it("is decided by a file that names anything of notices, or opens their database", () => {
    const isTeller = (file: string) => TELLERS.some((folder) => file.startsWith(folder)) || DOORS.includes(file);
    const deciding = files.filter((file) => !isTeller(file));
    expect(deciding.filter((file) => file.startsWith("promotion/gate/") || file.startsWith("release/")).length).toBeGreaterThan(5);
    expect(deciding.flatMap((file) => knowing(file, sourceOf(file)))).toEqual([]);
  });

  it.each([
    ["a gate that asks what was held back", "promotion/gate/gate.ts", 'import { HELD_BACK } from "../notices/model.js";\n'],
    ["a gate that asks for types only", "promotion/gate/gate.ts", 'import type {\n  Memory,\n} from "../notices/index.js";\n'],
    [
      "a readiness that reads trends",
      "release/gate-here.ts",
      'import { ok } from "../base/index.js";\nimport { suppressionTrends } from "../promotion/index.js";\n',
    ],
    ["a readiness that opens the database", "release/inputs.ts", 'import { type Clock, readNotices } from "../store/index.js";\n'],
    ["a door that hands it on", "backend/index.ts", 'export { deliverWaiting } from "../notify/index.js";\n'],
  ])("could do so unseen: %s", (_, file, source) => {
    expect(knowing(file, source)).toHaveLength(1);
  });

  it("of the schedule takes more than schedule, drills and time", () => {
    const schedule = files.filter((file) => file.startsWith("promotion/schedule/"));
    expect(schedule.length).toBeGreaterThan(3);
    for (const file of schedule)
      for (const { target } of importsOf(file, sourceOf(file)))
        expect(target, file).toMatch(/^(base\/|promotion\/(schedule|drills)\/|promotion\/fields)/);
    expect(scheduleReport).toHaveLength(3);
  });
});
