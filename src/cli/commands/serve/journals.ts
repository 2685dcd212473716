// Journals of other machines for the server's route: taken into its ledger, each record for whom its workspace is. Implements spec/service.md 11.3.

import type { JournalsPort } from "../../../server/index.js";
import type { ServedLedger } from "../../../store/index.js";
import { isSeen } from "./workspaces.js";

export function journalsOver(ledger: ServedLedger): JournalsPort {
  return {
    take: async (frames, caller) => {
      const foreign = frames.filter(({ record }) => !isSeen(record, caller));
      const own = frames.filter((frame) => !foreign.includes(frame));
      const { taken, known, differing } = await ledger.take(own, caller.id);
      const refused = [
        ...differing.map((record_id) => ({ record_id, code: "record_differs" })),
        ...foreign.map(({ record: { record_id } }) => ({ record_id, code: "record_foreign" })),
      ];
      return { taken, known, refused };
    },
  };
}
