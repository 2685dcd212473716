// A drainer process for the tests: opens the ledger in STATE, drains it in batches of ITEMS, signs its head with the keys in CONFIG, and says each step.

import { writeSync } from "node:fs";
import { drainJournal, openLedger, SYSTEM_CLOCK, signNewest } from "../../../src/store/index.js";

const [state = "", config = "", items = "4096"] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);
try {
  const ledger = openLedger(state, SYSTEM_CLOCK);
  say("ready");
  const { sequenced } = drainJournal(ledger, state, SYSTEM_CLOCK, (size) => say(`batch ${size}`), Number(items));
  const { head } = signNewest(ledger, { stateFolder: state, configFolder: config }, SYSTEM_CLOCK);
  // What is said here is given away: the ledger is bound by it.
  if (head !== undefined) say(`head ${head.size} ${head.note.split("\n")[2]}`);
  ledger.close();
  say(`done ${sequenced}`);
} catch (error) {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  say(`${code}: ${message}`);
  process.exit(3);
}
