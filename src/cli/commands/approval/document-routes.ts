// Who has to agree to a promotion: the host's policy says it, and no repository. Implements spec/approval.md 3.1 for documents.

import { type Route, routesForDocuments } from "../../../approval/index.js";
import { compileSources, policyInForce } from "../../../authority/index.js";
import type { Terminal } from "../../terminal.js";

/** Throws what keeps the host's policy from loading. */
export function documentRoutes(env: Terminal["env"]): readonly Route[] {
  return routesForDocuments("go_promotion", policyInForce("/", env, () => compileSources).approval_routes);
}
