// Actions of packs' tests go through the real change/, with the catalogue that ships.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Action, type Catalogue, type Change, deriveChange, type Facts } from "../../src/change/index.js";

const catalogue = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "src", "generated", "catalogue.json"), "utf8"),
) as Catalogue;

export function deriveForTests(action: Action, facts: Facts): Change {
  return deriveChange(action, facts, catalogue);
}
