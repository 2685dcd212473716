// The full command line, for people.

import { main } from "../main.js";
import { openTerminal } from "../terminal.js";

main(process.argv.slice(2), openTerminal()).then((status) => {
  process.exitCode = status;
});
