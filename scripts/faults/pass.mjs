// Every round has a policy of its own, and some have another build: by none of them would the worker be asked before a first campaign (spec/backend.md section 11).
// One is run with the real engine, and its result is written down for each policy and build in its turn, as if one had been run for it.

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cavra } from "./place.mjs";

/** Gives a function that lets a worker, as `cavra status` tells of it, be asked. */
export async function newPass(place, real) {
  const folder = join(place.state, "parity");
  const { status, stdout } = await cavra(place, ["runtime", "go-parity", "first", "--runtime-path", real, "--json"]);
  if (status !== 0) throw new Error(`the first campaign ended with ${status}: ${stdout}`);
  const [name] = readdirSync(folder);
  const whole = JSON.parse(readFileSync(join(folder, name), "utf8"));
  rmSync(join(folder, name));
  const passed = new Set();
  return (worker) => {
    const { policy_digest, build } = worker ?? {};
    if (policy_digest === undefined || build === null || passed.has(`${policy_digest} ${build}`)) return;
    const path = join(folder, `${policy_digest.slice("sha256:".length)}.json`);
    writeFileSync(`${path}.new`, JSON.stringify({ ...whole, policy_digest, engines: { ...whole.engines, go: build } }));
    renameSync(`${path}.new`, path);
    passed.add(`${policy_digest} ${build}`);
  };
}
