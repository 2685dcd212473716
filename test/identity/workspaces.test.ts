// Names of workspaces: what is one, which names fit it, and that TypeScript, SQLite and PostgreSQL are asked the same. Proves spec/service.md 4.8.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { checkWorkspaces, workspaceGlob, workspaceLike, workspaceTest } from "../../src/identity/index.js";
import { openDatabase } from "../../src/store/ledger/database.js";

const folder = mkdtempSync(join(tmpdir(), "cavra-workspaces-"));
writeFileSync(join(folder, "x.sqlite"), "");
const database = openDatabase(join(folder, "x.sqlite"), { readOnly: false });
const inSqlite = database.prepare("SELECT ? GLOB ? AS fits");
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a workspace", () => {
  it.each<[string, string, boolean]>([
    ["/srv/shop", "/srv/shop", true],
    ["/srv/shop", "/srv/shop2", false],
    ["/srv/shop", "/SRV/shop", false],
    ["*", "", true],
    ["/srv/*", "/srv/a/b", true],
    ["/srv/*", "/srv", false],
    ["*shop", "https://git.example.org/shop", true],
    ["a*b*c", "a-c-b-c", true],
    ["/srv/[a]", "/srv/[a]", true],
    ["/srv/[a]", "/srv/a", false],
    ["/srv/?", "/srv/x", false],
    ["/srv/{a,b}", "/srv/a", false],
    ["/srv/{a,b}", "/srv/{a,b}", true],
    ["C:\\shop\\*", "C:\\shop\\x", true],
    ["100%_*", "100%_x", true],
    ["100%_*", "100xyx", false],
  ])("`%s` and the name `%s`: %s", (workspace, name, fits) => {
    expect([workspaceTest([workspace])(name), inSqlite.get(name, workspaceGlob(workspace))?.fits]).toEqual([fits, fits ? 1 : 0]);
    expect(likeFits(workspaceLike(workspace), name)).toBe(fits);
  });

  it("means the same to TypeScript, to SQLite and to PostgreSQL, whatever it and the names are", () => {
    const letters = fc.constantFrom("a", "b", "/", "*", "?", "[", "]", "^", "-", "{", ",", "}", "\\", "%", "_", "é", "😀");
    const text = fc.array(letters, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
    const name = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(""));
    // A name that the pattern was made from fits it more often than one that was not.
    const pair = fc.oneof(
      fc.tuple(text, name),
      text.chain((one) =>
        fc.tuple(
          fc.constant(one),
          name.map((more) => one.replace("*", more)),
        ),
      ),
    );
    let fitting = 0;
    fc.assert(
      fc.property(pair, ([workspace, said]) => {
        if (!checkWorkspaces([workspace]).ok) return;
        const fits = workspaceTest([workspace])(said);
        fitting += fits ? 1 : 0;
        expect([inSqlite.get(said, workspaceGlob(workspace))?.fits === 1, likeFits(workspaceLike(workspace), said)]).toEqual([fits, fits]);
      }),
      { numRuns: 5_000, seed: 20_261_124 },
    );
    expect(fitting).toBeGreaterThan(500);
  });

  it("is bounded", () => {
    const code = (...workspaces: string[]) => {
      const checked = checkWorkspaces(workspaces);
      return checked.ok ? "" : checked.problem.code;
    };
    const many = (count: number) => Array.from({ length: count }, (_, n) => `w${n}`);
    expect([code(...many(64)), code(...many(65)), code()]).toEqual(["", "bad_workspace", "bad_workspace"]);
    expect([code("w".repeat(512)), code("w".repeat(513)), code("é".repeat(257))]).toEqual(["", "bad_workspace", "bad_workspace"]);
    expect([code("****"), code("*****"), code(""), code("a\nb")]).toEqual(["", "bad_workspace", "bad_workspace", "bad_workspace"]);
  });

  it("that is none fits nothing", () => {
    expect(workspaceTest([])("")).toBe(false);
    expect(workspaceTest(["w".repeat(2_000)])("w".repeat(2_000))).toBe(false);
  });
});

/** LIKE as PostgreSQL's manual has it: `%` any characters, `_` one, a backslash before what stands for itself. */
function likeFits(pattern: string, name: string): boolean {
  const source = pattern.replace(/\\(.)|%|_|[.*+?^${}()|[\]/\\]/gsu, (found, escaped?: string) => {
    if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\/]/, "\\$&");
    return found === "%" ? "[^]*" : found === "_" ? "[^]" : `\\${found}`;
  });
  return new RegExp(`^${source}$`, "u").test(name);
}
