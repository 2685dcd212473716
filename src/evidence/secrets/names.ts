// Names that tell of a secret beside them. Implements spec/redaction.md section 5. Twin of go/evidence/secrets/names.go.

import { isDigit, isLetter, lowerAscii } from "./characters.js";
import type { Grade } from "./values.js";

export type NameKind = Exclude<Grade, "given"> | "authorization" | "cookie";

const STRONG_ENDINGS = ["password", "passwd", "passphrase", "passcode", "dbpass", "userpass", "rootpass", "adminpass"];
const STRONG_WORDS: ReadonlySet<string> = new Set(["pass", "pwd", "pw"]);
const KEYED_ENDINGS = [
  "token",
  "secret",
  "apikey",
  "accesskey",
  "secretkey",
  "privatekey",
  "authkey",
  "accountkey",
  "sharedkey",
  "encryptionkey",
  "signingkey",
  "masterkey",
  "servicekey",
  "sessionkey",
  "passkey",
  "credential",
  "credentials",
  "sessionid",
];
const KEYED_WORDS: ReadonlySet<string> = new Set(["sig", "signature"]);
const TAIL = 24;

/** What a name (`--db-password`, `X-Api-Key`, `_authToken`) says of the value beside it; null when nothing. */
export function nameKind(name: string): NameKind | null {
  if (!LAST_TWO.has(lastTwo(name))) return null;
  const tail = squashedTail(name);
  if (tail.endsWith("authorization")) return "authorization";
  if (tail === "cookie" || tail === "setcookie") return "cookie";
  if (STRONG_ENDINGS.some((ending) => tail.endsWith(ending))) return "strong";
  if (KEYED_ENDINGS.some((ending) => tail.endsWith(ending))) return "keyed";
  const word = lastWord(name);
  // The shell's own PWD is a folder.
  if (STRONG_WORDS.has(word)) return name === "PWD" || name === "OLDPWD" ? null : "strong";
  if (KEYED_WORDS.has(word) || name === "_auth") return "keyed";
  return null;
}

// Most names are done with after a look at their last two letters, in lower case.
const LAST_TWO: ReadonlySet<number> = new Set(
  [...STRONG_ENDINGS, ...STRONG_WORDS, ...KEYED_ENDINGS, ...KEYED_WORDS, "authorization", "cookie", "auth"].map(lastTwo),
);

function lastTwo(name: string): number {
  return ((name.charCodeAt(name.length - 2) | 0x20) << 8) | (name.charCodeAt(name.length - 1) | 0x20);
}

// The last letters and digits, in lower case, without what stands between words.
function squashedTail(name: string): string {
  let tail = "";
  for (let i = name.length - 1; i >= 0 && tail.length < TAIL; i--) {
    const unit = name.charCodeAt(i);
    if (isLetter(unit) || isDigit(unit)) tail = name.charAt(i) + tail;
    else if (i === name.length - 1) return "";
  }
  return lowerAscii(tail);
}

// From the last `_`, `.` or `-`, or the last change from lower to upper case.
function lastWord(name: string): string {
  let from = name.length;
  while (from > 0 && name.length - from < TAIL) {
    const unit = name.charCodeAt(from - 1);
    if (!isLetter(unit) && !isDigit(unit)) break;
    const above = name.charCodeAt(from);
    const humped = from < name.length && unit >= 0x61 && unit <= 0x7a && above >= 0x41 && above <= 0x5a;
    if (humped) break;
    from--;
  }
  return lowerAscii(name.slice(from));
}

/** How an option of a program carries its secret: `value` all of it, `after_colon` what follows the first colon, `after_equals` likewise. */
export interface SecretOption {
  readonly flag: string;
  readonly attached: boolean;
  readonly separate: boolean;
  readonly part: "value" | "after_colon" | "after_equals" | "cookie";
  /** Only once this word was seen in the command. */
  readonly after?: string;
}

/** The programs, each between blanks, the flag, how its value stands, and `part` and `after` as in SecretOption. */
type OptionRow = readonly [
  programs: string,
  flag: string,
  where: "attached" | "separate" | "both",
  part: SecretOption["part"],
  after?: string,
];

const MYSQL = " mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlsh mariadb mariadb-dump mariadb-admin ";
const MONGO = " mongo mongosh mongodump mongorestore mongoexport mongoimport cqlsh twine ";
const REGISTRIES = " docker podman nerdctl helm oras skopeo buildah crane az ";

/** Options without a telling name, in the order of the spec. */
export const OPTION_ROWS: readonly OptionRow[] = [
  [MYSQL, "-p", "attached", "value"],
  [MONGO, "-p", "both", "value"],
  [" ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ", "-w", "both", "value"],
  [" 7z 7za 7zr 7zz rar unrar ", "-p", "attached", "value"],
  [REGISTRIES, "-p", "both", "value", "login"],
  [" sshpass ", "-p", "both", "value"],
  [" redis-cli ", "-a", "both", "value"],
  [" sqlcmd bcp zip unzip ", "-P", "both", "value"],
  [" openssl ", "-k", "separate", "value"],
  [" openssl ", "-K", "separate", "value"],
  [" gh ", "--body", "both", "value", "secret"],
  [" gh ", "-b", "both", "value", "secret"],
  [" kubectl ", "--from-literal", "both", "after_equals"],
  [" http ", "-a", "both", "after_colon"],
  [" http ", "--auth", "both", "after_colon"],
  [" curl ", "--user", "both", "after_colon"],
  [" curl ", "--proxy-user", "both", "after_colon"],
  [" curl ", "-u", "both", "after_colon"],
  [" curl ", "-U", "both", "after_colon"],
  [" curl ", "--cookie", "both", "cookie"],
  [" curl ", "-b", "both", "cookie"],
];

/** A program's options without a telling name; of most programs, none. */
export function secretOptions(program: string): readonly SecretOption[] {
  const name = ` ${program} `;
  let options = NO_OPTIONS;
  for (let i = 0; i < OPTION_ROWS.length; i++) {
    const row = OPTION_ROWS[i] as OptionRow;
    // Counted and taken apart late: nearly every word of every text comes by here.
    if (!row[0].includes(name)) continue;
    const [, flag, where, part, after] = row;
    options = [
      ...options,
      { flag, attached: where !== "separate", separate: where !== "attached", part, ...(after === undefined ? {} : { after }) },
    ];
  }
  return options;
}

export const NO_OPTIONS: readonly SecretOption[] = [];
