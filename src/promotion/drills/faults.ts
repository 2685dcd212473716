// The faults that are rehearsed: what each does to the second engine, and by which codes one sees that it did. Implements spec/drills.md 2.3 and 1.2.

import type { FaultName } from "../plan/faults.js";

export interface FaultKind {
  /** For people: what is done. */
  readonly what: string;
  /** One of these fallback codes must be seen at least, or nothing is known to have happened (1.6). */
  readonly codes: readonly string[];
  /** Go stays away until the cause is mended and a person or a gate says so; where false it comes back by itself, and may answer again. */
  readonly stays: boolean;
  /** Nobody can see it before a deadline is over: the objective of the first answer begins there. */
  readonly silent?: boolean;
}

const GONE = ["worker_crashed", "worker_unavailable"] as const;

export const DRILL_FAULTS: Readonly<Record<FaultName, FaultKind>> = {
  sigkill: { what: "SIGKILL to the worker while it is asked", codes: GONE, stays: false },
  sigstop: { what: "SIGSTOP to the worker while it is asked, SIGCONT at the end", codes: ["deadline_exceeded"], stays: true, silent: true },
  crash_loop: {
    what: "SIGKILL to each worker when all callers wait for it, until the breaker opens",
    codes: ["circuit_open", ...GONE],
    stays: false,
  },
  oom_kill: { what: "the worker may have no more memory than it has, and is asked what needs more", codes: GONE, stays: false },
  garbage: { what: "a program between keeper and worker answers with random bytes", codes: ["garbage"], stays: false },
  half_frame: { what: "a program between keeper and worker sends half an answer and ends", codes: ["worker_crashed"], stays: false },
  slow_drip: { what: "a program between keeper and worker sends a byte a second", codes: ["deadline_exceeded"], stays: true, silent: true },
  wrong_id: { what: "a program between keeper and worker answers an id that nobody gave", codes: ["wrong_id"], stays: false },
  late_answer: {
    what: "a program between keeper and worker answers after the deadline",
    codes: ["deadline_exceeded"],
    stays: false,
    silent: true,
  },
  lying_allow: { what: "a program between keeper and worker turns a deny into an allow", codes: ["disagreement"], stays: true },
  stale_policy: { what: "the worker's policy is another than the one in force", codes: ["policy_mismatch", ...GONE], stays: true },
  swapped_binary: { what: "another build is put in the place of the binary", codes: ["runtime_wrong_digest"], stays: false },
  swapped_policy: {
    what: "the compiled policy's file is damaged, and the worker killed",
    codes: ["policy_not_loaded", "policy_mismatch", ...GONE],
    stays: true,
  },
  vanished_socket: { what: "the socket of the worker behind a program is replaced by a file", codes: ["worker_crashed"], stays: false },
  exhausted_descriptors: {
    what: "the worker may open no more files, and is killed and started so",
    codes: ["policy_not_loaded", ...GONE],
    stays: true,
  },
  full_disk: { what: "no file that the authority writes may grow any more", codes: ["evidence_unavailable"], stays: true },
  clock_jump: { what: "the clock is set back by a day", codes: ["clock_suspect"], stays: false },
  revoked_lease: { what: "the lease is taken away", codes: ["lease_missing"], stays: false },
  expired_evidence: { what: "what the lease stands on ends, and it is not renewed", codes: ["lease_ended"], stays: true },
  operator_rollback: { what: "`cavra runtime go-rollback`", codes: ["promotion_held"], stays: true },
};
