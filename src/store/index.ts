// The door of the store: what is kept on this machine.

export { type Clock, newId, SYSTEM_CLOCK } from "./clock.js";
export { configDir, ensurePrivateFolder, stateDir } from "./folders.js";
export { type JournalItem, journalFiles, readJournal, readJournalFile } from "./journal-reader.js";
export { JOURNAL_FOLDER, type JournalEntry, type JournalWriter, openJournal } from "./journal-writer.js";
export { REDACTION_KEY_FILE, redactionKey } from "./redaction-key.js";
