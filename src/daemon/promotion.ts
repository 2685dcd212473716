// The running authority's part in promotion: the gate each half minute, leases, the hold, samples, and what of it is on record. Implements spec/promotion.md sections 6 to 9.
// INVARIANT: a mismatch sets the hold before anything else of Go leaves; where the hold cannot be written, this process remembers it to its end.

import { createHmac, randomBytes } from "node:crypto";
import { type Compared, type GivenPromotionEvent, heldBack, type Promoting, type Right, wholeEvent } from "../authority/index.js";
import { awayOf, type Keeper } from "../backend/index.js";
import { bad, type JsonObject, ok, type Result } from "../base/index.js";
import { activeKeys, buildPromotionEvent, type KeySigner, PROMOTION_EVENT_PREFIX } from "../evidence/index.js";
import { LEASE_MS, type Lease, type Subject } from "../promotion/index.js";
import {
  documentPaths,
  type GateResult,
  gateHere,
  isHeld,
  type Leases,
  newLeases,
  runningBy,
  setHold,
  type Told,
} from "../release/index.js";
import { configDir, type GroupWriter, hasKey, keysFolder, newId, ownTrust, readSigner, SYSTEM_CLOCK, stateDir } from "../store/index.js";
import { identityOf } from "./process-identity.js";
import type { Rehearsal } from "./rehearsal.js";

export interface Promotion {
  /** What stands behind one call. `keeper` is that of the policy in force for it, null where there is none; `lookedAgain` notes what was judged again. */
  readonly promotingFor: (keeper: Keeper | null, lookedAgain: (compared: Compared) => void) => Promoting;
  /** Once a second: gives and renews leases, and sees to it that workers are there to be asked. */
  readonly look: (keepers: readonly Keeper[]) => void;
  readonly status: () => JsonObject;
  /** Ends all leases. */
  readonly close: () => void;
}

export interface PromotionOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mode: string;
  readonly journal: GroupWriter;
  readonly leaseMs: number;
  /** Null in production. */
  readonly rehearsal: Rehearsal | null;
}

/** One of so many that left alone is judged again: those whose HMAC begins with four zero bits. */
const SAMPLED = 16;
/** A worker that is started ahead of a question is given so long. */
const AHEAD_MS = 3_000;

export function newPromotion(options: PromotionOptions): Promotion {
  return new AuthorityPromotion(options);
}

class AuthorityPromotion implements Promotion {
  readonly #options: PromotionOptions;
  readonly #state: string;
  readonly #leases: Leases;
  readonly #sampleKey = randomBytes(32);
  /** A hold that could not be written; "" for none. */
  #held = "";
  #alone = 0;
  #sampled = 0;
  #unrecorded = 0;

  constructor(options: PromotionOptions) {
    this.#options = options;
    this.#state = stateDir(options.env);
    const { pid, boot, process_start } = identityOf(process.pid);
    this.#leases = newLeases({
      stateFolder: this.#state,
      holder: { pid, boot, process_start },
      purpose: options.rehearsal === null ? "production" : "rehearsal",
      leaseMs: Math.min(options.leaseMs, LEASE_MS),
      clock: SYSTEM_CLOCK,
      steadyMs: () => performance.now(),
      signer: () => (options.rehearsal === null ? this.#signer() : options.rehearsal.signer),
      gate: (running) => (options.rehearsal === null ? this.#gate(running) : options.rehearsal.gate(running, SYSTEM_CLOCK.nowMs())),
      tell: (told) => this.#tell(told),
    });
    this.#record({ event: "started", code: options.rehearsal === null ? "" : "rehearsal" });
  }

  promotingFor(keeper: Keeper | null, lookedAgain: (compared: Compared) => void): Promoting {
    return {
      right: () => this.#right(keeper),
      isSampled: (recordId) => {
        this.#alone++;
        return (createHmac("sha256", this.#sampleKey).update(recordId).digest()[0] ?? 0) < 256 / SAMPLED;
      },
      mismatch: (decisionId, isUnsafe) => this.#mismatch(decisionId, isUnsafe),
      lookedAgain: (compared) => {
        this.#sampled++;
        lookedAgain(compared);
      },
    };
  }

  #right(keeper: Keeper | null): Result<Right> {
    if (this.#held !== "") return bad("promotion_held", this.#held);
    // The hold is told before everything else, also where no worker runs.
    if (isHeld(this.#state)) return bad("promotion_held", "a hold stands");
    const hello = keeper?.hello() ?? null;
    if (hello === null) return awayOf(keeper);
    const lease = this.#leases.live(runningBy(hello));
    return lease.ok ? ok({ references: referencesOf(lease.value), version: hello.version }) : lease;
  }

  #mismatch(decisionId: string, isUnsafe: boolean): void {
    this.#leases.drop("demoted");
    const reason = `both engines judged ${decisionId}, and differ${isUnsafe ? "; Go's judgement is the weaker one" : ""}`;
    const set = setHold(this.#state, { cause: "mismatch", reason, person: { name: "", user: "", host: "" } }, SYSTEM_CLOCK);
    if (!isHeld(this.#state)) this.#held = reason;
    this.#record({ event: "demoted", hold_id: set.hold.hold_id, decision_id: decisionId, code: "mismatch", reason });
  }

  look(keepers: readonly Keeper[]): void {
    const held = this.#held !== "";
    if (held) this.#leases.drop("promotion_held");
    for (const keeper of keepers) {
      keeper.look();
      const hello = keeper.hello();
      if (hello !== null && !held) this.#leases.look(runningBy(hello));
    }
    // One at a time, the one that was asked last: a start takes the processors from whoever waits for an answer.
    void keepers.findLast((keeper) => keeper.hello() === null)?.start(AHEAD_MS);
  }

  #gate(running: Subject): GateResult {
    const { env, mode } = this.#options;
    const begun = performance.now();
    const sources = {
      mode,
      nowMs: SYSTEM_CLOCK.nowMs(),
      stateFolder: this.#state,
      configFolder: configDir(env),
      paths: documentPaths(env),
      running,
      runtimeFault: null,
      campaignFault: heldBack(this.#state, {
        build: running.runtime,
        catalogue_digest: running.catalogue,
        policy: { digest: running.policy },
        registry_digest: running.registry,
      }),
    };
    return gateHere(sources, () => performance.now() - begun);
  }

  #signer(): KeySigner | null {
    try {
      const trust = ownTrust(this.#state, configDir(this.#options.env), SYSTEM_CLOCK.nowMs());
      if (!trust.ok) return null;
      const folder = keysFolder(this.#state);
      const key = activeKeys(trust.value.keys, "lease").find(({ key_id }) => hasKey(folder, key_id));
      return key === undefined ? null : readSigner(folder, key.key_id, "lease");
    } catch {
      return null;
    }
  }

  #tell(told: Told): void {
    if (told.event === "gate") {
      const checks = told.readiness.checks.map(({ id, verdict, code }) => ({ id, verdict, code }));
      this.#record({ event: "gate", checks, code: told.readiness.select_go ? "open" : "closed" });
      return;
    }
    const { lease_id, sequence, issued_at, expires_at, subject, evidence_digest } = told.lease;
    const bound = { policy_digest: subject.policy, registry_digest: subject.registry, evidence_digest };
    const lease = { lease_id, sequence, issued_at, expires_at, ...bound, digest: told.digest };
    this.#record({ event: told.event, lease, code: told.event === "ended" ? told.code : "" });
  }

  /** A record that cannot be written is counted: the decisions that follow it are refused for the same cause. */
  #record(event: GivenPromotionEvent): void {
    const { id } = newId(PROMOTION_EVENT_PREFIX, SYSTEM_CLOCK);
    const built = buildPromotionEvent(wholeEvent(id, this.#options.mode, event));
    const lost = () => {
      this.#unrecorded++;
    };
    if (built.ok) this.#options.journal.append(built.value).catch(lost);
    else lost();
  }

  status(): JsonObject {
    return {
      held: this.#held !== "" || isHeld(this.#state),
      purpose: this.#options.rehearsal === null ? "production" : "rehearsal",
      leases: this.#leases.status().map((lease) => ({ ...lease })),
      alone: this.#alone,
      sampled: this.#sampled,
      unrecorded: this.#unrecorded,
    };
  }

  close(): void {
    this.#leases.drop("stopped");
    this.#record({ event: "stopped" });
  }
}

function referencesOf({ lease_id, evidence_digest, approval_id, parity_digest, deployment_digest }: Lease): Right["references"] {
  return { lease_id, evidence_digest, approval_id, parity_digest, deployment_digest };
}
