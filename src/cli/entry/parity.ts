// The bundle that a campaign's threads run, and, as a program of its own, the first engine behind the second one's wire. Implements spec/parity.md 3.1 and 6.2.

import { VERSION } from "../../authority/index.js";
import { serveFirstEngine, serveLane } from "../../parity/index.js";

if (!serveLane()) {
  const [command, flag, policyPath, another, registryPath] = process.argv.slice(2);
  const registry = another === "--registry" && registryPath !== undefined ? { registryPath } : {};
  if (command === "serve" && flag === "--policy" && policyPath !== undefined) serveFirstEngine({ policyPath, ...registry }, VERSION);
  else process.exitCode = 2;
}
