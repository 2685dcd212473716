// The names of what a rehearsal breaks. Implements spec/drills.md 2.3.

/** By byte order. */
export const FAULTS = [
  "clock_jump",
  "crash_loop",
  "exhausted_descriptors",
  "expired_evidence",
  "full_disk",
  "garbage",
  "half_frame",
  "late_answer",
  "lying_allow",
  "oom_kill",
  "operator_rollback",
  "revoked_lease",
  "sigkill",
  "sigstop",
  "slow_drip",
  "stale_policy",
  "swapped_binary",
  "swapped_policy",
  "vanished_socket",
  "wrong_id",
] as const;
export type FaultName = (typeof FAULTS)[number];

/** Every plan has these: an end, a silence, a lie, and the way back by hand. */
export const FAULTS_ALWAYS = ["lying_allow", "operator_rollback", "sigkill", "sigstop"] as const satisfies readonly FaultName[];

export function isFault(name: string): name is FaultName {
  return (FAULTS as readonly string[]).includes(name);
}
