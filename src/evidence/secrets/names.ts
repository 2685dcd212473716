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

const option = (
  flag: string,
  where: "attached" | "separate" | "both",
  part: SecretOption["part"] = "value",
  after?: string,
): SecretOption => ({
  flag,
  attached: where !== "separate",
  separate: where !== "attached",
  part,
  ...(after === undefined ? {} : { after }),
});

/** Options without a telling name, by program. */
export function secretOptions(): ReadonlyMap<string, readonly SecretOption[]> {
  made ??= secretOptionTable();
  return made;
}

// Made when a text is first looked through: not every process does.
let made: ReadonlyMap<string, readonly SecretOption[]> | null = null;

function secretOptionTable(): ReadonlyMap<string, readonly SecretOption[]> {
  const LOGIN = [option("-p", "both", "value", "login")];
  const MYSQL = [option("-p", "attached")];
  const MONGO = [option("-p", "both")];
  const LDAP = [option("-w", "both")];
  const SEVEN_ZIP = [option("-p", "attached")];
  return new Map([
    ...[
      "mysql",
      "mysqldump",
      "mysqladmin",
      "mysqlimport",
      "mysqlshow",
      "mysqlcheck",
      "mysqlsh",
      "mariadb",
      "mariadb-dump",
      "mariadb-admin",
    ].map((name) => [name, MYSQL] as const),
    ...["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "cqlsh", "twine"].map(
      (name) => [name, MONGO] as const,
    ),
    ...["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"].map((name) => [name, LDAP] as const),
    ...["7z", "7za", "7zr", "7zz", "rar", "unrar"].map((name) => [name, SEVEN_ZIP] as const),
    ...["docker", "podman", "nerdctl", "helm", "oras", "skopeo", "buildah", "crane", "az"].map((name) => [name, LOGIN] as const),
    ["sshpass", [option("-p", "both")]],
    ["redis-cli", [option("-a", "both")]],
    ["sqlcmd", [option("-P", "both")]],
    ["bcp", [option("-P", "both")]],
    ["zip", [option("-P", "both")]],
    ["unzip", [option("-P", "both")]],
    ["openssl", [option("-k", "separate"), option("-K", "separate")]],
    ["gh", [option("--body", "both", "value", "secret"), option("-b", "both", "value", "secret")]],
    ["kubectl", [option("--from-literal", "both", "after_equals")]],
    ["http", [option("-a", "both", "after_colon"), option("--auth", "both", "after_colon")]],
    [
      "curl",
      [
        option("--user", "both", "after_colon"),
        option("--proxy-user", "both", "after_colon"),
        option("-u", "both", "after_colon"),
        option("-U", "both", "after_colon"),
        option("--cookie", "both", "cookie"),
        option("-b", "both", "cookie"),
      ],
    ],
  ]);
}
