// The hold as a file. Proves spec/promotion.md section 8.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isHeld, liftHold, pastHolds, promotionPlaces, readStanding, setHold, UNREADABLE } from "../../src/release/index.js";
import { SYSTEM_CLOCK } from "../../src/store/index.js";

const PERSON = { name: "ada", user: "ada", host: "mill" };
const GIVEN = { cause: "operator", reason: "answers look wrong", person: PERSON } as const;

describe("the hold", () => {
  let root: string;
  let state: string;
  beforeEach(() => {
    root = mkdtempSync(join(realpathSync(tmpdir()), "cavra-hold-"));
    state = join(root, "state");
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const { hold: place } = promotionPlaces("");
  const at = () => join(state, place);
  const put = (write: (path: string) => void) => {
    mkdirSync(dirname(at()), { recursive: true, mode: 0o700 });
    write(at());
  };

  it("is set where nothing is there yet, and ends every lease", () => {
    expect(isHeld(state)).toBe(false);
    mkdirSync(promotionPlaces(state).leases, { recursive: true, mode: 0o700 });
    writeFileSync(join(promotionPlaces(state).leases, "one"), "");
    const set = setHold(state, GIVEN, SYSTEM_CLOCK);
    expect(set).toMatchObject({ stoodBefore: false, problem: null, hold: { ...GIVEN } });
    expect(isHeld(state)).toBe(true);
    expect(existsSync(promotionPlaces(state).leases)).toBe(false);
    expect(readStanding(state)).toEqual({ ok: true, value: set.hold });
  });

  it("stays the first one's where two set it", () => {
    const first = setHold(state, GIVEN, SYSTEM_CLOCK);
    const second = setHold(state, { ...GIVEN, cause: "mismatch" }, SYSTEM_CLOCK);
    expect(second).toMatchObject({ stoodBefore: true, hold: { hold_id: first.hold.hold_id, cause: "operator" } });
  });

  it.each<[string, (path: string) => void]>([
    ["an empty file", (path) => writeFileSync(path, "")],
    ["bytes that say nothing", (path) => writeFileSync(path, "\u0000{")],
    ["a folder", (path) => mkdirSync(path)],
    ["a link to nothing", (path) => symlinkSync("/nowhere/at/all", path)],
    ["a file that nobody may read", (path) => writeFileSync(path, "{}", { mode: 0o000 })],
  ])("holds as %s too, and a person lifts it all the same", (_, write) => {
    put(write);
    expect(isHeld(state)).toBe(true);
    expect(readStanding(state)?.ok ?? false).toBe(false);
    expect(liftHold(state, UNREADABLE)).toEqual({ ok: true, value: UNREADABLE });
    expect(isHeld(state)).toBe(false);
  });

  it("is lifted by its own id and no other, and stays to be read", () => {
    const { hold } = setHold(state, GIVEN, SYSTEM_CLOCK);
    expect(liftHold(state, "hol_01m6gpfk4ne00r40r40m30e209")).toMatchObject({ ok: false, problem: { code: "hold_other" } });
    expect(liftHold(state, UNREADABLE)).toMatchObject({ ok: false, problem: { code: "hold_other" } });
    expect(liftHold(state, hold.hold_id)).toEqual({ ok: true, value: hold.hold_id });
    expect(liftHold(state, hold.hold_id)).toMatchObject({ ok: false, problem: { code: "hold_missing" } });
    expect(pastHolds(state)).toEqual([hold]);
  });

  it("is a folder where a file has no room, so that a full disk is no excuse", () => {
    // Nothing can be written into the folder's files, but a name still can be made.
    mkdirSync(promotionPlaces(state).folder, { recursive: true, mode: 0o700 });
    const clock = {
      ...SYSTEM_CLOCK,
      randomBytes: (count: number): Uint8Array => {
        if (count === 8) throw new Error("ENOSPC: no space left on device");
        return SYSTEM_CLOCK.randomBytes(count);
      },
    };
    expect(setHold(state, GIVEN, clock)).toMatchObject({ problem: null });
    expect(isHeld(state)).toBe(true);
  });

  it("says so where nothing at all can be written", () => {
    writeFileSync(state, "no folder");
    expect(setHold(state, GIVEN, SYSTEM_CLOCK).problem).not.toBeNull();
    expect(isHeld(state), "where nobody can tell, it holds").toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)("holds where nobody can tell", () => {
    mkdirSync(promotionPlaces(state).folder, { recursive: true, mode: 0o700 });
    chmodSync(state, 0o000);
    expect(isHeld(state)).toBe(true);
    chmodSync(state, 0o700);
  });
});
