// Asks the bash on this machine. Only for tests; every question is bounded in time, and whatever is run finds no program on its path.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const accepts = (asked: string) => `while IFS= read -r -d "" t; do
  e=$(${asked} 2>&1)
  if [[ $? == 0 && $e != *expected* && $e != *"syntax error"* ]]; then echo 0; else echo 1; fi
done`;

/** The version of bash, or "" where there is none. */
export function bashVersion(): string {
  const result = spawnSync("bash", ["-c", 'echo "${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}"'], { encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : "";
}

const ASKED = { argument: 'bash -n -c -- "$t" </dev/null', file: 'bash -n <(printf %s "$t") </dev/null' };

/** For each text whether `bash -n` finds nothing wrong with it, given to it as an argument of `-c` or as a file. */
export function bashAccepts(texts: readonly string[], given: keyof typeof ASKED = "argument"): readonly boolean[] {
  if (texts.length === 0) return [];
  const input = texts.map((text) => `${text}\0`).join("");
  const result = spawnSync("bash", ["-c", accepts(ASKED[given])], {
    input,
    encoding: "utf8",
    timeout: 300_000,
    env: environment("/usr/bin:/bin"),
  });
  const answers = result.stdout.trim().split("\n");
  if (answers.length !== texts.length) throw new Error(`bash answered ${answers.length} of ${texts.length} questions`);
  return answers.map((answer) => answer === "0");
}

const PRINTS = `while IFS= read -r -d "" t; do
  bash --pretty-print <(printf %s "$t") </dev/null 2>/dev/null
  printf '\\0'
done`;

/** Each text as bash writes it when it has read it, in its normal form. Nothing is run. */
export function bashPrints(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [];
  const input = texts.map((text) => `${text}\0`).join("");
  const result = spawnSync("bash", ["-c", PRINTS], { input, encoding: "utf8", timeout: 300_000, env: environment("/usr/bin:/bin") });
  return result.stdout.split("\0").slice(0, -1);
}

// Descriptor 7 stays open in every process of a text, so that the outer substitution waits for those in the background too.
// Every program is unknown, so that bash calls the handler in place of it. The handler records its arguments and its input, and fails for f1 to f9.
// Bash writes line by line, and calls run at the same time: a record holds \x1c for each newline, so that it is one write.
const runs = ({ braces, input, bounded }: Questions) => `readonly PATH=/nonexistent
command_not_found_handle() {
  local IFS=$'\\x1f' body record
  ${input ? 'IFS= read -r -d "" body' : "body="}
  printf -v record '%s\\x1fA=%s\\x1fB=%s\\x1f%s\\x1e' "$*" "$A" "$B" "$body"
  printf %s "\${record//$'\\n'/$'\\x1c'}" >&9
  [[ $1 != f* ]]
}
set -f ${braces ? "-B" : "+B"}
while IFS= read -r -d "" -u 8 t; do
  : "$( ( exec 8<&-; ${bounded ? "ulimit -t 1 -v 2000000;" : ""} unset A B _c x v; eval "$t" ) </dev/null 7>&1 >/dev/null 2>&1 )"
  printf '\\x1d' >&9
done`;

interface Questions {
  /** Whether braces are expanded. */
  readonly braces: boolean;
  /** Whether the programs that are called read all of their input. */
  readonly input: boolean;
  /** Whether a text may take a second of the processor only, and two gigabytes. */
  readonly bounded: boolean;
}

/** For each text the calls that bash makes when it runs it. Only for texts that call nothing but unknown programs and write no files. */
export function bashRuns(texts: readonly string[], how: Partial<Questions> = {}): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), "shell-oracle-"));
  try {
    writeFileSync(join(folder, "texts"), texts.map((text) => `${text}\0`).join(""));
    writeFileSync(join(folder, "run"), runs({ braces: false, input: true, bounded: false, ...how }));
    const script = `ulimit -t 60 -f 10000; cd "$1" && exec bash --norc --noprofile ./run 8<texts 9>>log`;
    const result = spawnSync("bash", ["-c", script, "_", folder], { timeout: 120_000, env: environment("/usr/bin:/bin"), stdio: "ignore" });
    if (result.error !== undefined) throw result.error;
    const answers = readFileSync(join(folder, "log"), "utf8").replaceAll("\x1c", "\n").split("\x1d");
    return answers.slice(0, -1).map((answer) => answer.split("\x1e").slice(0, -1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(path: string): NodeJS.ProcessEnv {
  return { PATH: path, LC_ALL: "C.UTF-8", HOME: "/nonexistent" };
}
