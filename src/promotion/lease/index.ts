// The lease that a passed gate gives, and the hold that ends it.

export { formatHold, HOLD_BYTES, HOLD_CAUSES, HOLD_PREFIX, HOLD_SCHEMA, type Hold, type HoldCause, readHold } from "./hold.js";
export {
  LEASE_BYTES,
  LEASE_MS,
  LEASE_PREFIX,
  LEASE_SCHEMA,
  type Lease,
  type LeaseGiven,
  type LeaseHolder,
  type LeaseReferences,
  leaseDigest,
  openLease,
  signLease,
} from "./lease.js";
