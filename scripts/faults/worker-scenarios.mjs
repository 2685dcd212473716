// What is done to a worker while it is asked, and which codes may follow (spec/backend.md 6.1) beside those that any fault brings.
// `must`: one of these is seen in every run. `victim`: what becomes of the call whose own answer was damaged.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./caller.mjs";
import { sleep } from "./place.mjs";

/** No more of the callers' lines than this can be asked while it is stopped and no deadline is over. */
const SHORT_MS = 60;

export const SCENARIOS = {
  "nothing is done to it": { must: "agreed" },
  "killed while it is asked": {
    during: signal("SIGKILL"),
    must: ["worker_crashed", "worker_unavailable"],
    codes: "worker_crashed",
    comesBack: true,
  },
  "killed with requests in its hands": {
    before: signal("SIGSTOP"),
    during: async (world) => {
      await sleep(SHORT_MS);
      signal("SIGKILL")(world);
    },
    must: "worker_crashed",
  },
  "stopped, and continued later": { before: signal("SIGSTOP"), after: signal("SIGCONT"), must: "deadline_exceeded", comesBack: true },
  "stopped for a moment": {
    during: async (world) => {
      signal("SIGSTOP")(world);
      await sleep(SHORT_MS);
      signal("SIGCONT")(world);
    },
    must: "agreed",
  },
  "its binary swapped for another build": { during: ({ runtime }) => runtime.rebuild(), must: "runtime_wrong_digest", comesBack: true },
  "its binary swapped for another program": {
    during: ({ runtime }) => runtime.other(),
    after: ({ runtime }) => runtime.install(),
    must: "runtime_wrong_digest",
    codes: "worker_crashed",
  },
  "its binary removed": { during: ({ runtime }) => runtime.remove(), after: ({ runtime }) => runtime.install(), must: "runtime_missing" },
  "the policy in force swapped": {
    during: async (world) => {
      world.policy("  - { id: own.ls, match: { effect: exec, program: ls }, verdict: deny, severity: low, reason: no ls here }\n");
      await sleep(SHORT_MS);
      world.policy();
    },
    twoPolicies: true,
    must: "agreed",
  },
  "its policy file swapped, and killed": {
    before: async (world) => {
      const file = policyFile(world);
      world.kept = readFileSync(file);
      const other = world.round % 3 === 0 ? "{}" : world.round % 3 === 1 ? world.kept.subarray(0, 5_000) : anotherPolicy(world);
      writeFileSync(file, other);
    },
    during: signal("SIGKILL"),
    after: (world) => writeFileSync(policyFile(world), world.kept),
    must: ["policy_mismatch", "policy_not_loaded"],
    codes: ["policy_mismatch", "policy_not_loaded", "worker_crashed"],
  },
  "no file descriptors left for it": { before: ({ worker }) => limitFiles(worker.pid, "3:3"), must: "agreed" },
  "started without file descriptors": { damage: '#!/bin/bash\nulimit -n 3\nexec $REAL "$@"\n', cold: true, must: "policy_not_loaded" },
  "no file descriptors left to start it anew": {
    before: async (world) => {
      world.authority = await authorityPid(world);
      // Room for fewer connections than there are callers, beside what the authority keeps free for itself.
      limitFiles(world.authority, `${readdirSync(`/proc/${world.authority}/fd`).length + 12}:`);
    },
    during: signal("SIGKILL"),
    after: ({ authority }) => limitFiles(authority, `${hardLimit(authority)}:`),
    itself: true,
    must: ["by itself"],
    codes: ["worker_crashed", "runtime_not_executable"],
  },
  "exit 0 at once": { damage: "exit 0 at once", cold: true, must: "worker_unavailable" },
  "exit 0 when asked": { damage: "gone when asked", victim: "worker_crashed", must: "worker_crashed" },
  "half a line, then gone": { damage: "half a line, then gone", victim: "worker_crashed", must: "worker_crashed" },
  "half a line, then the next answer": { damage: "half a line, then the next", victim: "garbage", must: "garbage" },
  "one byte a second": { damage: "a byte a second", victim: "deadline_exceeded", must: "deadline_exceeded" },
  "an answer to an id that nobody gave": { damage: "another id", victim: "wrong_id", must: "wrong_id" },
  "two answers exchanged": { damage: "the id of another", victim: "wrong_request_digest", must: "wrong_request_digest" },
  "an answer twice": { damage: "twice", victim: "agreed", must: "duplicate_id" },
  "an answer of 64 MB": { damage: "64 MB", victim: "answer_too_large", must: "answer_too_large" },
  "an answer of 64 MB without an end": { damage: "64 MB and no end", victim: "answer_too_large", must: "answer_too_large" },
  garbage: { damage: "garbage", victim: "garbage", must: "garbage" },
  "an answer that comes late": { damage: "late", victim: "deadline_exceeded", must: "deadline_exceeded" },
  "another verdict": { damage: "a weaker verdict", victim: "disagreement", must: "disagreement" },
  "its socket replaced by a file": { damage: "its socket replaced", victim: "worker_crashed", must: "worker_crashed" },
};

function signal(name) {
  return ({ worker }) => {
    try {
      process.kill(worker.pid, name);
    } catch {
      // It is gone already.
    }
  };
}

/** The compiled policy that the worker was started with. */
function policyFile({ place, worker }) {
  return join(place.state, "runtime", `${worker.policy_digest.slice("sha256:".length)}.json`);
}

/** One of another round, which is whole, and not the one in force. */
function anotherPolicy(world) {
  const folder = join(world.place.state, "runtime");
  const other = readdirSync(folder).find((name) => !policyFile(world).endsWith(name));
  return other === undefined ? "[]" : readFileSync(join(folder, other));
}

async function authorityPid({ place }) {
  return (await ask(place, { kind: "status" })).status.pid;
}

function limitFiles(pid, limit) {
  const { status, stderr } = spawnSync("prlimit", ["--pid", String(pid), `--nofile=${limit}`], { encoding: "utf8" });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

function hardLimit(pid) {
  return /^Max open files +\d+ +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))[1];
}
