// Whose the call is: one ticket, taken once. Proves spec/backend.md 8.2.

import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identityOf, isAlive, makeTicket, sweepTickets, takeTicket, withdrawTicket } from "../../src/daemon/index.js";
import { SYSTEM_CLOCK } from "../../src/store/index.js";

const NAME = "0123456789abcdef0123456789abcdef";

describe("a ticket", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cavra-tickets-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is taken once, by the one or by the other", () => {
    const name = makeTicket(folder, SYSTEM_CLOCK);
    expect([takeTicket(folder, name), takeTicket(folder, name), withdrawTicket(folder, name)]).toEqual([true, false, false]);
    const other = makeTicket(folder, SYSTEM_CLOCK);
    expect([withdrawTicket(folder, other), takeTicket(folder, other)]).toEqual([true, false]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ["a name that leads elsewhere", "../../../etc/passwd", () => {}],
    ["no name", "", () => {}],
    ["capital digits", NAME.toUpperCase(), (path: string) => writeFileSync(path, "")],
    ["a file that is not there", NAME, () => {}],
    ["a folder", NAME, (path: string) => mkdirSync(path)],
    ["a file with something in it", NAME, (path: string) => writeFileSync(path, "x")],
    ["a link", NAME, (path: string) => symlinkSync("/etc/hostname", path)],
  ])("is not %s", (_, name, make) => {
    make(join(folder, name));
    expect(takeTicket(folder, name)).toBe(false);
  });

  it("is not a file that has a second name, which would outlive the taking", () => {
    writeFileSync(join(folder, "other"), "");
    linkSync(join(folder, "other"), join(folder, NAME));
    expect(takeTicket(folder, NAME)).toBe(false);
  });

  it("that nobody came back for is swept, a new one is not", () => {
    const [old, fresh] = [makeTicket(folder, SYSTEM_CLOCK), makeTicket(folder, SYSTEM_CLOCK)];
    utimesSync(join(folder, old), 0, 0);
    sweepTickets(folder, Date.now());
    expect(readdirSync(folder)).toEqual([fresh]);
  });
});

describe("a process", () => {
  it("is the same one only with its own start and boot", () => {
    const own = identityOf(process.pid);
    expect([isAlive(own), isAlive({ ...own, process_start: "1" }), isAlive({ ...own, boot: "other" })]).toEqual([true, false, false]);
    expect(isAlive({ ...own, process_start: "" })).toBe(false);
    expect(isAlive(identityOf(2 ** 22 + 1))).toBe(false);
  });
});
