// Hold and lease for the server's routes, by the functions of `cavra runtime go-hold` and of the running authority. Implements spec/service.md section 12.

import { hostname } from "node:os";
import { CavraError } from "../../../base/index.js";
import type { RunningAuthority } from "../../../daemon/index.js";
import { isHeld } from "../../../release/index.js";
import type { HoldsPort, LeaseTold } from "../../../server/index.js";
import { stateDir } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { holdNow, holdsHere } from "../runtime/hold.js";

export function holdsOver({ promotion }: RunningAuthority, env: Terminal["env"]): HoldsPort {
  return {
    holds: () => holdsHere({ env }),
    hold: async (reason, user) => {
      const came = holdNow({ env }, reason, { user, uid: -1, host: hostname(), tty: "" });
      if (came.ok && !came.value.held) throw new CavraError("hold_unwritten", "the hold could not be set");
      return came;
    },
    lease: () => {
      const { purpose = "production", leases = [] } = (promotion() ?? {}) as Partial<LeaseTold>;
      return { held: isHeld(stateDir(env)), purpose, leases };
    },
  };
}
