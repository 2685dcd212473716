// A drainer that is killed in the middle of a transaction whose pages have reached the file already: what the next one finds is a rollback journal that
// must be played back.

import { writeSync } from "node:fs";
import { openLedger, SYSTEM_CLOCK } from "../../../src/store/index.js";

const [state = ""] = process.argv.slice(2);
const { database } = openLedger(state, SYSTEM_CLOCK);
// So small that pages go to the file before the end of the transaction.
database.exec("PRAGMA cache_size = 8; BEGIN IMMEDIATE");
database.exec("UPDATE journal_file SET position = 0; DELETE FROM record; UPDATE leaf SET json = zeroblob(4000)");
const leaf = database.prepare("INSERT INTO leaf (idx, json) VALUES (?, zeroblob(4000))");
for (let n = 0; n < 500; n++) leaf.run(1_000_000 + n);
writeSync(1, "half\n");
process.kill(process.pid, "SIGKILL");
