// What would run here: the worker, as its own hello says it is, and this program. Implements spec/promotion.md 2.3.

import { ENGINE_DIGEST, type Hello } from "../backend/index.js";
import type { Subject } from "../promotion/index.js";

export function runningBy({ build, engine, catalogue_digest, policy, registry_digest }: Hello): Subject {
  return {
    runtime: build,
    typescript: ENGINE_DIGEST,
    go: engine,
    catalogue: catalogue_digest,
    policy: policy.digest,
    registry: registry_digest,
  };
}
