// The leases of a running authority: one for each worker's engines and policy, given by a passed gate, renewed at half time. Implements spec/promotion.md section 6.
// INVARIANT: a lease counts only while its file is the one that was written, no hold stands, and neither clock has passed its end.

import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bad, formatTime, makeId, ok, type Result, sha256 } from "../base/index.js";
import type { KeySigner } from "../evidence/index.js";
import {
  LEASE_MS,
  LEASE_PREFIX,
  type Lease,
  type LeaseHolder,
  leaseDigest,
  momentOf,
  type PromotionReadiness,
  type Subject,
  signLease,
} from "../promotion/index.js";
import { type Clock, replaceDurably } from "../store/index.js";
import { rememberClock } from "./clock-seen.js";
import type { GateResult } from "./gate-here.js";
import { isHeld } from "./holds.js";
import { promotionPlaces } from "./places.js";

/** A closed gate is tried again after so many milliseconds. */
export const GATE_AGAIN_MS = 5_000;

export interface LeasesOptions {
  readonly stateFolder: string;
  readonly holder: LeaseHolder;
  readonly purpose: Lease["purpose"];
  readonly leaseMs: number;
  readonly clock: Clock;
  /** Milliseconds by a clock that nobody sets. */
  readonly steadyMs: () => number;
  /** Who signs; null where this machine has no lease key. */
  readonly signer: () => KeySigner | null;
  readonly gate: (running: Subject) => GateResult;
  readonly tell: (told: Told) => void;
}

/** What became of the gate or a lease, for the record. */
export type Told =
  | { readonly event: "gate"; readonly readiness: PromotionReadiness }
  | { readonly event: "leased"; readonly lease: Lease; readonly digest: string }
  | { readonly event: "ended"; readonly lease: Lease; readonly digest: string; readonly code: string };

export interface Leases {
  /** The live lease for these engines and this policy; no file is opened but by its name. Codes of spec/backend.md 6.1. */
  readonly live: (running: Subject) => Result<Lease>;
  /** Looks at the lease of these: gives one, renews it, or does nothing yet. Called each second, and never for an answer. */
  readonly look: (running: Subject) => void;
  /** Ends all, at once. */
  readonly drop: (code: string) => void;
  readonly status: () => readonly {
    readonly policy_digest: string;
    readonly lease_id: string;
    readonly expires_at: string;
    readonly gate: string;
  }[];
}

interface Given {
  readonly lease: Lease;
  readonly digest: string;
  readonly file: string;
  /** Device and inode of the file that was written. */
  readonly mark: string;
  readonly endsSteadyMs: number;
}

interface Slot {
  given: Given | null;
  triedSteadyMs: number;
  /** What the gate said last, as one text: only a change is told. */
  said: string;
  status: string;
  ended: string;
}

export function newLeases(options: LeasesOptions): Leases {
  return new AuthorityLeases(options);
}

class AuthorityLeases implements Leases {
  readonly #options: LeasesOptions;
  readonly #slots = new Map<string, Slot>();
  #sequence = 0;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  live(running: Subject): Result<Lease> {
    const { stateFolder, clock, steadyMs } = this.#options;
    if (isHeld(stateFolder)) return bad("promotion_held", "a hold stands");
    const slot = this.#slots.get(keyOf(running));
    if (slot === undefined || slot.given === null) return this.#withoutLease(slot);
    const { given } = slot;
    const nowMs = clock.nowMs();
    if (markOf(given.file) !== given.mark) return this.#end(slot, "lease_missing", "the lease was taken away");
    if (nowMs < momentOf(given.lease.issued_at) - LEASE_SKEW_MS) return this.#end(slot, "clock_suspect", "the clock was set back");
    const isOver = nowMs >= momentOf(given.lease.expires_at) || steadyMs() >= given.endsSteadyMs;
    return isOver ? this.#end(slot, "lease_ended", `the lease ended at ${given.lease.expires_at}`) : ok(given.lease);
  }

  #withoutLease(slot: Slot | undefined): Result<Lease> {
    const others = [...this.#slots.values()].some(({ given }) => given !== null);
    if (slot === undefined && others) return bad("lease_unbound", "the lease is for other engines, or another policy");
    return bad("promotion_gate_missing", slot === undefined ? "no gate has let Go answer" : `the gate is closed: ${slot.status}`);
  }

  #end(slot: Slot, code: string, message: string): Result<Lease> {
    this.#drop(slot, code);
    return bad(code, message);
  }

  #drop(slot: Slot, code: string): void {
    const { given } = slot;
    if (given === null) return;
    slot.given = null;
    try {
      if (markOf(given.file) === given.mark) rmSync(given.file, { force: true });
    } catch {
      // What cannot be removed ends by itself, and this process goes by what it remembers.
    }
    this.#options.tell({ event: "ended", lease: given.lease, digest: given.digest, code });
  }

  look(running: Subject): void {
    const { steadyMs, stateFolder, leaseMs } = this.#options;
    const key = keyOf(running);
    const slot = this.#slots.get(key) ?? { given: null, triedSteadyMs: Number.NEGATIVE_INFINITY, said: "", status: "", ended: "" };
    this.#slots.set(key, slot);
    this.#forget(key);
    if (isHeld(stateFolder)) {
      this.#drop(slot, "promotion_held");
      return;
    }
    const now = steadyMs();
    if (slot.given !== null && slot.given.endsSteadyMs - now > leaseMs / 2) return;
    if (slot.given === null && now - slot.triedSteadyMs < GATE_AGAIN_MS) return;
    slot.triedSteadyMs = now;
    this.#give(slot, running);
  }

  #give(slot: Slot, running: Subject): void {
    const { gate, clock, stateFolder, signer, tell } = this.#options;
    const { readiness, references, endsAt } = gate(running);
    this.#say(slot, readiness);
    const key = readiness.select_go && references !== null ? signer() : null;
    if (readiness.select_go && key === null) slot.status = "there is no lease key here: `cavra keys rotate lease`";
    if (references === null || key === null) {
      this.#drop(slot, readiness.select_go ? "lease_key_missing" : "gate_closed");
      return;
    }
    const made = this.#made(running, references, endsAt);
    const text = signLease(made, key);
    if (!text.ok) {
      slot.status = text.problem.message;
      this.#drop(slot, text.problem.code);
      return;
    }
    const file = leaseFile(stateFolder, running);
    try {
      rememberClock(stateFolder, clock);
      replaceDurably(file, text.value, clock);
    } catch (cause) {
      slot.status = `the lease could not be written: ${cause instanceof Error ? cause.message : String(cause)}`;
      return;
    }
    const lastsMs = momentOf(made.expires_at) - momentOf(made.issued_at);
    slot.given = {
      lease: made,
      digest: leaseDigest(text.value),
      file,
      mark: markOf(file),
      endsSteadyMs: this.#options.steadyMs() + lastsMs,
    };
    tell({ event: "leased", lease: made, digest: slot.given.digest });
  }

  #made(running: Subject, references: NonNullable<GateResult["references"]>, endsAt: string): Lease {
    const { clock, leaseMs, holder, purpose, stateFolder } = this.#options;
    const nowMs = clock.nowMs();
    const end = Math.min(nowMs + Math.min(leaseMs, LEASE_MS), endsAt === "" ? Number.POSITIVE_INFINITY : momentOf(endsAt));
    return {
      schema_version: "cavra.lease.v1",
      lease_id: makeId(LEASE_PREFIX, nowMs, clock.randomBytes(10)),
      issued_at: formatTime(nowMs),
      expires_at: formatTime(end),
      purpose,
      subject: running,
      authority: holder,
      scope: { state_dir: stateFolder },
      sequence: ++this.#sequence,
      ...references,
    };
  }

  #say(slot: Slot, readiness: PromotionReadiness): void {
    const failing = readiness.checks.filter(({ status }) => status === "fail").map(({ id, code }) => `${id} ${code}`);
    slot.status = failing.length === 0 ? "open" : failing.join(", ");
    if (slot.said === slot.status) return;
    slot.said = slot.status;
    this.#options.tell({ event: "gate", readiness });
  }

  /** As many as there are workers. */
  #forget(kept: string): void {
    for (const [key, slot] of this.#slots) {
      if (this.#slots.size <= MOST_LEASES) return;
      if (key === kept) continue;
      this.#slots.delete(key);
      this.#drop(slot, "forgotten");
    }
  }

  drop(code: string): void {
    for (const slot of this.#slots.values()) this.#drop(slot, code);
  }

  status(): ReturnType<Leases["status"]> {
    return [...this.#slots].map(([key, { given, status }]) => ({
      policy_digest: key.split(" ")[4] ?? "",
      lease_id: given?.lease.lease_id ?? "",
      expires_at: given?.lease.expires_at ?? "",
      gate: status,
    }));
  }
}

const MOST_LEASES = 8;
const LEASE_SKEW_MS = 1_000;

/** One for each policy and registry: `promotion/leases/<64 digits>`. */
export function leaseFile(stateFolder: string, running: Subject): string {
  return join(promotionPlaces(stateFolder).leases, sha256(`${running.policy} ${running.registry}`).slice("sha256:".length));
}

function keyOf({ runtime, typescript, go, catalogue, policy, registry }: Subject): string {
  return [runtime, typescript, go, catalogue, policy, registry].join(" ");
}

function markOf(file: string): string {
  try {
    const about = lstatSync(file, { throwIfNoEntry: false });
    return about === undefined ? "" : `${about.dev}:${about.ino}`;
  } catch {
    return "";
  }
}
