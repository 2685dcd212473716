// Names of refs and revisions as git writes them. Implements spec/git.md section 4. Twin of go/change/programs/git_refs.go.
// A word that may be a ref or a path is never decided by hope: the callers say what they do with either reading.

import { foldAscii } from "../../base/glob.js";
import { text, UNKNOWN_WORD, type Value } from "../values.js";
import type { GitPlace } from "./git-place.js";

const NAMESPACES = ["refs/heads/", "refs/tags/", "heads/", "tags/"];

/** `refs/heads/main` is `main`; `HEAD` and `@` are the branch that the facts name, or unknown. */
export function shortRef(place: GitPlace, ref: Value): Value {
  if (ref.kind !== "text") return UNKNOWN_WORD;
  if (isHead(ref.text)) return place.branch === "" ? UNKNOWN_WORD : text(place.branch);
  if (ref.text === "-" || ref.text.startsWith("@{")) return UNKNOWN_WORD;
  const written = withoutNamespace(ref.text);
  return written.includes("*") ? UNKNOWN_WORD : text(written);
}

export function isHead(ref: string): boolean {
  return ref === "HEAD" || ref === "@";
}

function withoutNamespace(ref: string): string {
  for (const namespace of NAMESPACES) if (ref.startsWith(namespace) && ref.length > namespace.length) return ref.slice(namespace.length);
  return ref;
}

/** Text that can only be a revision: `HEAD~1`, `main@{u}`, `a..b`, a hash of seven digits or more, a branch that the facts name. */
export function isSurelyRevision(place: GitPlace, word: string): boolean {
  if (isHead(word) || ["ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "-"].includes(word)) return true;
  if (word === place.branch && word !== "") return true;
  if (word.startsWith("origin/") || word.startsWith("upstream/") || word.startsWith("refs/")) return true;
  return isHash(word) || (!isSurelyPath(word) && (word.includes("~") || word.includes("^") || word.includes("@{") || word.includes("..")));
}

/** Text that no ref can be spelled like: `.`, `./x`, `/x`, `a/`, `:x`, `*.md`, `.github/x`. */
export function isSurelyPath(word: string): boolean {
  if (word === "") return false;
  if (word.startsWith("../") || word.startsWith("/") || word.endsWith("/") || word.startsWith(":")) return true;
  if (word.includes("*") || word.includes("?") || word.includes("[") || word.includes(" ") || word.includes("\\")) return true;
  return word.startsWith(".") || word.includes("/.") || word.includes("//");
}

/** Ends like a file: `file.txt`, `src/a.ts`; not `v1.2`, `release-1.0`. */
export function looksLikeFile(word: string): boolean {
  const name = word.slice(word.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  if (dot <= 0) return false;
  const ending = name.slice(dot + 1);
  if (ending.length < 1 || ending.length > 6) return false;
  const first = foldAscii(ending.charAt(0));
  return first >= "a" && first <= "z";
}

const BRANCH_FOLDERS = ["feature", "feat", "fix", "bugfix", "hotfix", "release", "releases", "chore", "dependabot", "renovate"];
const FILE_ENDINGS = [
  "c",
  "cc",
  "cpp",
  "cs",
  "css",
  "go",
  "h",
  "html",
  "java",
  "js",
  "json",
  "jsx",
  "kt",
  "lock",
  "md",
  "mjs",
  "php",
  "py",
  "rb",
  "rs",
  "sh",
  "sql",
  "swift",
  "tf",
  "toml",
  "ts",
  "tsx",
  "txt",
  "vue",
  "xml",
  "yaml",
  "yml",
];

/** `feature/x.y`: in a folder that people give to branches, and not ending as files do. */
export function looksLikeBranch(word: string): boolean {
  const slash = word.indexOf("/");
  return (
    slash > 0 && BRANCH_FOLDERS.includes(word.slice(0, slash)) && !FILE_ENDINGS.includes(foldAscii(word.slice(word.lastIndexOf(".") + 1)))
  );
}

function isHash(word: string): boolean {
  if (word.length < 7 || word.length > 64) return false;
  for (const unit of word) if (!"0123456789abcdef".includes(unit)) return false;
  return true;
}

export interface Refspec {
  readonly force: boolean;
  /** Before the colon; null when nothing stands there (`:ref` deletes). */
  readonly source: string | null;
  /** After the colon; null when there is no colon. */
  readonly target: string | null;
}

/** `+src:dst`. */
export function readRefspec(written: string): Refspec {
  const force = written.startsWith("+");
  const spec = force ? written.slice(1) : written;
  const colon = spec.indexOf(":");
  if (colon < 0) return { force, source: spec, target: null };
  const source = spec.slice(0, colon);
  const target = spec.slice(colon + 1);
  return { force, source: source === "" ? null : source, target: target === "" ? null : target };
}
