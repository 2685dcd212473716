// Signed events of the drill history as the commands write them. Implements spec/drills.md 4.1 and 4.2.

import { formatTime } from "../../../../base/index.js";
import type { KeySigner } from "../../../../evidence/index.js";
import {
  DAY_MS,
  DOCUMENT_PREFIX,
  type DocumentHead,
  type DocumentKind,
  type HistoryHead,
  type Subject,
  signDocument,
} from "../../../../promotion/index.js";
import { addDrillEvent } from "../../../../release/index.js";
import { type Clock, newId, stateDir } from "../../../../store/index.js";
import type { Terminal } from "../../../terminal.js";
import { givenHere } from "./here.js";

interface Link {
  readonly sequence: number;
  readonly previous: string;
}

/** Signs an event for the next place in the history and adds it. Throws what adding throws. */
export function addSigned<Body extends DocumentHead & Link>(
  terminal: Terminal,
  kind: DocumentKind<Body>,
  content: Omit<Body, keyof DocumentHead | keyof Link>,
  subject: Subject,
  signer: KeySigner,
  clock: Clock,
): HistoryHead {
  return addDrillEvent(stateDir(terminal.env), givenHere(terminal, {}, null), clock, ({ sequence, previous }) => {
    const body = { ...headFor(kind, subject, clock), sequence, previous, ...content } as Body;
    const text = signDocument(kind, body, signer, []);
    return text.ok ? { ok: true, value: text.value.trimEnd() } : text;
  });
}

/** Keys that every document has, from now to the end of its kind's days. */
export function headFor(
  { schema, days }: Pick<DocumentKind<DocumentHead>, "schema" | "days">,
  subject: Subject,
  clock: Clock,
): DocumentHead {
  const { id, momentMs } = newId(DOCUMENT_PREFIX, clock);
  return {
    schema_version: schema,
    document_id: id,
    issued_at: formatTime(momentMs),
    expires_at: formatTime(momentMs + days * DAY_MS),
    subject,
  };
}
