// A writer process for the tests: appends COUNT records (0: until killed) to the journal in STATE and prints each id after its append returned.

import { writeSync } from "node:fs";
import { newId, openJournal, SYSTEM_CLOCK } from "../../../src/store/index.js";
import { builtRecord } from "../../evidence/sample.js";

const [state = "", count = "0", size = "0"] = process.argv.slice(2);
const journal = openJournal(state);
for (let n = 0; count === "0" || n < Number(count); n++) {
  const { id } = newId("dec", SYSTEM_CLOCK);
  try {
    journal.append(builtRecord({ recordId: id, target: "x".repeat(Number(size)) }));
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: Error };
    writeSync(1, `${code}: ${cause?.message}\n`);
    process.exit(3);
  }
  writeSync(1, `${id}\n`);
}
