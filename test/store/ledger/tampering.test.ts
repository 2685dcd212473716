// A ledger that somebody changed does not hold, whatever was changed. Proves spec/evidence.md section 9.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLedger, verifyLedger } from "../../../src/store/index.js";
import { close, codes, drain, ledger, state, useFolder, write } from "./folder.js";

useFolder();

describe("a ledger that somebody changed", () => {
  const change = (sql: string) => ledger().database.exec(sql);
  const CHANGES: readonly (readonly [string, string, RegExp])[] = [
    [
      "a record",
      "UPDATE leaf SET json = CAST(replace(CAST(json AS TEXT), 'ls 5', 'ls 6') AS BLOB) WHERE idx = 5",
      /^(record_altered 5|tile_altered 0|journal_altered .*)$/,
    ],
    [
      "a record's id beside it",
      "UPDATE record SET record_id = 'dec_01m83tcjxxftj8w5ywrpm6jtd9' WHERE idx = 5",
      /^(index_altered 5|ledger_incomplete .*)$/,
    ],
    ["a record's place", "UPDATE record SET offset = offset + 1 WHERE idx = 5", /^(journal_altered|order_broken) /],
    ["a record taken out", "DELETE FROM leaf WHERE idx = 5; DELETE FROM record WHERE idx = 5", /^(record_missing 5|ledger_incomplete .*)$/],
    [
      "the last record taken out",
      "DELETE FROM leaf WHERE idx = 299; DELETE FROM record WHERE idx = 299",
      /^(tile_altered 256|ledger_incomplete .*)$/,
    ],
    [
      "a hash of the tree",
      "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND n = 1",
      /^record_altered (25[6-9]|2[6-9]\d)$/,
    ],
    ["a tile above", "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1", /^tile_altered 0$/],
    ["a tile taken out", "DELETE FROM tile WHERE level = 0 AND n = 0", /^tile_altered 0$/],
    [
      "two records exchanged",
      "UPDATE leaf SET idx = -1 WHERE idx = 5; UPDATE leaf SET idx = 5 WHERE idx = 6; UPDATE leaf SET idx = 6 WHERE idx = -1",
      /^(record_altered [56]|tile_altered 0|index_altered [56]|ledger_incomplete .*)$/,
    ],
  ];
  it.each(CHANGES)("%s is named", (_, sql, expected) => {
    write(0, 0, 300);
    drain();
    change(sql);
    const found = codes();
    expect(found.length).toBeGreaterThan(0);
    for (const code of found) expect(code).toMatch(expected);
  });

  it("with a byte of its file changed does not hold, or holds with the very same records", () => {
    write(0, 0, 20);
    drain();
    close();
    const file = join(state, "ledger/ledger.sqlite");
    const bytes = readFileSync(file);
    const whole = JSON.stringify(verifyWhole(state));
    for (let at = 0; at < bytes.length; at += 997) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = (spoilt[at] ?? 0) ^ 0x41;
      writeFileSync(file, spoilt);
      const told = verifyWhole(state);
      // Free room in pages, counters and statistics are bytes without a meaning.
      if (told === "ledger_damaged" || told === "ledger_format_unknown" || told === "ledger_unavailable" || !told.holds) continue;
      expect(JSON.stringify(told)).toBe(whole);
    }
  });
});

function verifyWhole(folder: string) {
  try {
    const there = readLedger(folder);
    try {
      return verifyLedger(there, folder);
    } finally {
      there.close();
    }
  } catch (error) {
    return (error as { readonly code: "ledger_damaged" | "ledger_format_unknown" | "ledger_unavailable" }).code;
  }
}
