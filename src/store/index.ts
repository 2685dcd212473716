// The door of the store: what is kept on this machine.

export {
  APPROVAL_KEPT_MS,
  APPROVALS,
  approvalKey,
  approvalsFolder,
  endApproval,
  findApproval,
  hasApprovals,
  keepAnswer,
  keepRequest,
  listApprovals,
  type StoredApproval,
  takeApproval,
} from "./approvals.js";
export { type Clock, newId, SYSTEM_CLOCK } from "./clock.js";
export { type DatabaseIdentity, databaseIdentityAt, ledgerOrigin, readDatabaseIdentity } from "./database-identity.js";
export { readNoFollow, replaceDurably } from "./durable-file.js";
export { configDir, ensurePrivateFolder, stateDir } from "./folders.js";
export { GROUP_BYTES, type GroupWriter, openGroupJournal } from "./group-writer.js";
export { type KeyStore, openKeys } from "./idempotency.js";
export { type FoundRecord, followJournal, type JournalFollower, lastItems } from "./journal-follow.js";
export { type JournalItem, journalEntries, readJournal, readJournalFile } from "./journal-reader.js";
export { asStored, eachRecord, findRecord, listRecords, matchesFilter, type RecordFilter, type StoredRecord } from "./journal-search.js";
export { BACKWARDS_MS, FINDINGS, type JournalFinding, type JournalReport, verifyJournal } from "./journal-verify.js";
export { JOURNAL_FOLDER, type JournalEntry, type JournalWriter, openJournal } from "./journal-writer.js";
export { hasKey, keyPath, keysFolder, type NewKey, newKey, readSigner } from "./keys.js";
export { type AroundTime, bytesOf, recordsOfKind, type Stretch, stretchAround } from "./ledger/around.js";
export {
  addCosignatures,
  checkHeads,
  countedHead,
  firstCounted,
  HEADS_TRIED,
  newestCheckpoint,
  noteToKeep,
  rootAt,
  type StoredCheckpoint,
  signHead,
  witnessesAside,
} from "./ledger/checkpoints.js";
export { chosenLeaves } from "./ledger/chosen.js";
export { eachDecision, lastDecisions } from "./ledger/decisions.js";
export { BATCH_BYTES, BATCH_ITEMS, type DrainReport, drainJournal } from "./ledger/drain.js";
export { consumable, type Drained, itemName, NOTHING_DRAINED, type Resumed, resumeFile } from "./ledger/drain-file.js";
export type { Finding, LedgerDamage } from "./ledger/findings.js";
export { drainedFiles, journalLag, LAG_RECORDS } from "./ledger/lag.js";
export { hasLedger, LEDGER_FOLDER, type Ledger, openLedger, readLedger } from "./ledger/open.js";
export { type Proof, proofOf, recordUnsigned, signedHead } from "./ledger/proof.js";
export {
  decisionsBehind,
  findInLedger,
  findLeaf,
  indicesBetween,
  type Leaf,
  leafText,
  leavesUnder,
  listLedger,
  pageOfLedger,
  type SequencedRecord,
} from "./ledger/read.js";
export { embeddedLedger } from "./ledger/served.js";
export { type HeadSigner, headSigner, type LedgerSession, openDrained, type Places, signNewest } from "./ledger/session.js";
export { tileReader } from "./ledger/tiles.js";
export { type LedgerReport, verifyLedger } from "./ledger/verify.js";
export { makeWitness, openWitness, type Witness } from "./ledger/witness.js";
export {
  type AckCounter,
  acknowledgementsOf,
  findPlan,
  type KeptPlanHead,
  keepAcknowledgement,
  type StoredAck,
  type ToldAck,
  wasSentOn,
} from "./notices/acknowledgements.js";
export {
  ATTEMPT_MS,
  ATTEMPTS,
  beginDeliveries,
  type Delivery,
  type DeliveryResult,
  type EndedDelivery,
  endDeliveries,
  nextDelivery,
  waitingDeliveries,
} from "./notices/deliveries.js";
export {
  findNotice,
  HISTORY_PAGE,
  type HistoryFilter,
  type HistoryPage,
  type HistoryRow,
  listHistory,
  MOST_HISTORY_PAGE,
} from "./notices/history.js";
export { hasNotices, NOTICES_FOLDER, type NoticeStore, openNotices, readNotices } from "./notices/open.js";
export { noticeOutcomes } from "./notices/outcomes.js";
export { type KeptPlan, keepPlan, lookMemory, PLAN_PREFIX, type PlanHead } from "./notices/plans.js";
export { type Recount, recount } from "./notices/recount.js";
export { type TrendSums, trendSums } from "./notices/trends.js";
export { type BackupMade, makeBackup } from "./operations/backup.js";
export { BACKUP_MANIFEST, type BackupManifest } from "./operations/backup-manifest.js";
export { EXPORT_FORMATS, type Exported, type ExportFormat, exportToFile } from "./operations/export-file.js";
export { type BackupNote, readNote, removeNote, type ServingNote, type VerifiedNote, writeNote } from "./operations/notes.js";
export { restoreBackup } from "./operations/restore.js";
export { holdLock } from "./process-lock.js";
export { keepPushed, readPushed } from "./pushed.js";
export { REDACTION_KEY_FILE, redactionKey } from "./redaction-key.js";
export type {
  DecisionsAsked,
  Following,
  Lag,
  LeafText,
  LeavesAsked,
  LedgerRecord,
  LedgerState,
  PushedRecord,
  ServedLedger,
  Taken,
} from "./served-ledger.js";
export { openTokens, type TokenStore } from "./tokens.js";
export { activeKey, endedKey, foundTrust, nextMoment, type RootAccess, rootSigner, signNextTrust } from "./trust-change.js";
export { addTrust, ownTrust, type Pin, readPin, rememberSeen, type SeenCheckpoint, trustChain, writePin } from "./trust-files.js";
