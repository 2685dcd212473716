// The door of the shell reader: `readShell` makes a syntax tree of a command line.

export {
  MAX_COMMANDS,
  MAX_NESTING_LEVELS,
  MAX_PARTS,
  MAX_PENDING_HERE_DOCUMENTS,
  MAX_REREAD_CHARACTERS,
  MAX_TEXT_BYTES,
  MAX_WORDS,
} from "./limits.js";
export { readShell } from "./read-shell.js";
export type {
  Assignment,
  CaseCommand,
  Command,
  ForCommand,
  IfCommand,
  ListItem,
  ParameterPart,
  Pipeline,
  Redirect,
  RedirectOperator,
  Script,
  SimpleCommand,
  UnsupportedCommand,
  UnsupportedReason,
  Word,
  WordPart,
} from "./syntax.js";
export { type UnsupportedPlace, unsupportedPlaces } from "./unsupported.js";
