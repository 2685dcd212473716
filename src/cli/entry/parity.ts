// The bundle that a campaign's threads run, and, as a program of its own, the first engine behind the second one's wire. Implements spec/parity.md 3.1 and 6.2.

import { VERSION } from "../../authority/index.js";
import { serveFirstEngine, serveLane } from "../../parity/index.js";

if (!serveLane()) {
  const [command, flag, path] = process.argv.slice(2);
  if (command === "serve" && flag === "--policy" && path !== undefined) serveFirstEngine(path, VERSION);
  else process.exitCode = 2;
}
