// Where the database is, as the flag or the variable says it. Implements spec/service.md 1.4.
// SECURITY: the URL may hold a password. Nothing that is made of it is ever printed: a problem says what is wrong, and quotes nothing.

import { bad, ok, type Result } from "../base/index.js";

const URL_CHARACTERS = 2_048;
/** What a URL may say beside who, where and which: how the connection is encrypted, and whose word counts for that. */
const PARAMETERS: ReadonlySet<string> = new Set(["sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "host"]);

/** Problem: `bad_database_url`. */
export function readDatabaseUrl(text: string): Result<string> {
  if (text.length > URL_CHARACTERS) return wrong(`it has more than ${URL_CHARACTERS} characters`);
  if (!/^postgres(ql)?:\/\//.test(text)) return wrong("it does not begin with `postgres://`");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return wrong("it cannot be read");
  }
  if (url.pathname.length < 2) return wrong("it names no database");
  if (url.hostname === "" && !url.searchParams.has("host")) return wrong("it names no host");
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.has(name));
  return unknown === undefined ? ok(text) : wrong("it has a parameter that is none of those that are known");
}

function wrong<T>(why: string): Result<T> {
  return bad("bad_database_url", `the URL of the database is none: ${why}`, {
    hint: "such as `postgres://cavra@db.example.org/cavra?sslmode=verify-full`",
  });
}
