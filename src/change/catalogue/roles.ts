// The roles a word can have for its program. Implements spec/catalogue.md section 3. Twin of go/change/catalogue/roles.go.
// A role is a name, for some with a parameter after a colon: `code:shell`, `url:send`, `write_with:.gz`, `files_from:read`.

import type { Language } from "../deeds.js";
import type { Role } from "./model.js";

const PLAIN: ReadonlySet<string> = new Set([
  "data",
  "name",
  "pattern",
  "image",
  "ref",
  "list",
  "read",
  "key",
  "write",
  "modify",
  "delete",
  "move",
  "write_into",
  "write_without",
  "link_target",
  "chdir",
  "positional",
  "program",
  "command",
  "shell_words",
  "assignment",
  "load",
  "load_path",
  "prompt",
  "module",
  "host",
  "url",
  "method",
  "body",
  "upload",
  "body_or_file",
  "form",
  "item",
  "header",
  "cookie",
  "url_base",
  "url_or_read",
  "file_url",
  "remote_source",
  "remote_target",
  "inner_source",
  "inner_target",
  "inner_delete",
  "mount",
  "mount_spec",
  "git_config",
  "options",
  "target",
]);

const LANGUAGES: ReadonlySet<string> = new Set<Language>([
  "shell",
  "python",
  "javascript",
  "perl",
  "ruby",
  "php",
  "awk",
  "sed",
  "sql",
  "redis",
  "mongo",
  "make",
  "unknown",
]);

/** Roles by which a word can make the program run something: a word that cannot be known is then not just an unknown operand. */
const RUNNING: ReadonlySet<string> = new Set([
  "code",
  "script",
  "program",
  "command",
  "shell_words",
  "words",
  "load",
  "load_path",
  "prompt",
  "module",
]);

export interface ParsedRole {
  readonly name: string;
  readonly parameter: string;
}

/** Remembered: there are as many roles as the catalogue writes. */
export function parseRole(role: Role): ParsedRole {
  const known = PARSED.get(role);
  if (known !== undefined) return known;
  const parsed = parsedRole(role);
  if (PARSED.size < MAX_PARSED) PARSED.set(role, parsed);
  return parsed;
}

const PARSED = new Map<Role, ParsedRole>();
const MAX_PARSED = 1024;

function parsedRole(role: Role): ParsedRole {
  const colon = role.indexOf(":");
  return colon < 0 ? { name: role, parameter: "" } : { name: role.slice(0, colon), parameter: role.slice(colon + 1) };
}

export function isRole(role: string): boolean {
  const { name, parameter } = parseRole(role);
  if (!role.includes(":")) return PLAIN.has(name);
  switch (name) {
    case "code":
    case "script":
    case "load":
    case "load_path":
    case "words":
      return isLanguage(parameter);
    case "host":
    case "url":
      return parameter === "send";
    case "write_with":
    case "option":
    case "options":
      return parameter !== "";
    case "files_from":
      return PLAIN.has(parameter);
    default:
      return false;
  }
}

export function isLanguage(name: string): name is Language {
  return LANGUAGES.has(name);
}

export function runsSomething(role: Role): boolean {
  return RUNNING.has(parseRole(role).name);
}

/** Every role without a parameter, for suggestions and the schema. */
export function roleNames(): readonly string[] {
  return [
    ...PLAIN,
    ...[...LANGUAGES].flatMap((language) => [
      `code:${language}`,
      `script:${language}`,
      `load:${language}`,
      `load_path:${language}`,
      `words:${language}`,
    ]),
    "host:send",
    "url:send",
  ];
}
