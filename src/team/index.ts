// The door of the shared ledger: PostgreSQL behind the questions of a server. A bundle of its own, which only a server with a database loads.

export { openTeamLedger } from "./team-ledger.js";
export { openTeamTokens, type TeamTokens } from "./tokens.js";
export { readDatabaseUrl } from "./url.js";
export { type SharedFinding, type SharedReport, verifyTeamLedger } from "./verify.js";
