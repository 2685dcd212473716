// What the programs outside the base system ask for, by the whole catalogue: for each at least a dangerous line and one of every day.
// The rows are written down by hand or reviewed by hand; they are never taken over from a run to make it pass.

import { describe, expect, it } from "vitest";
import { readProgram } from "../../src/change/programs/index.js";
import type { Stdin } from "../../src/change/values.js";
import { callOf, catalogueInSpec, showDeed, words } from "../catalogue/table.js";
import { CLOUD_ROWS } from "./cloud.rows.js";
import { DATABASE_ROWS } from "./database.rows.js";
import { INFRA_ROWS } from "./infra.rows.js";
import { NETWORK_ROWS } from "./network.rows.js";
import { PACKAGES_ROWS } from "./packages.rows.js";
import { PUBLISH_ROWS } from "./publish.rows.js";
import type { Row } from "./row.js";

const catalogue = catalogueInSpec();
const PIPED: Stdin = { kind: "stream", span: { start: 0, end: 0 } };

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  network: NETWORK_ROWS,
  packages: PACKAGES_ROWS,
  infrastructure: INFRA_ROWS,
  clouds: CLOUD_ROWS,
  databases: DATABASE_ROWS,
  "publishing, keys, workshop": PUBLISH_ROWS,
};

describe.each(Object.entries(TABLES))("%s", (_, rows) => {
  it.each(rows)("%s", (line, subcommand, harmless, deeds) => {
    const piped = line.startsWith("| ");
    const reading = readProgram(callOf(catalogue, words(piped ? line.slice(2) : line), piped ? { stdin: PIPED } : {}));
    expect({
      known: reading.known,
      subcommand: reading.subcommand,
      harmless: reading.harmless ? "harmless" : "",
      deeds: reading.deeds.map(showDeed).join("; "),
    }).toEqual({ known: true, subcommand, harmless, deeds });
  });
});
