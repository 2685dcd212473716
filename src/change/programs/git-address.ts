// What a word in the place of a repository names: a configured remote, a URL, a folder, or a program that carries the transfer. Implements spec/git.md section 9.
// Twin of go/change/programs/git_address.go.

import type { Deed } from "../deeds.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { lastEntry } from "./git-config.js";
import { givenCode } from "./git-injected-code.js";
import { command, file, type GitLine } from "./git-line.js";

export type Address =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "folder"; readonly path: string }
  /** `ext::code` and `helper::address`. */
  | { readonly kind: "helper"; readonly helper: string; readonly address: string }
  | { readonly kind: "unknown" };

/** `bare` says what a word with neither scheme nor leading dot or slash is: a remote's name, or (to clone) a folder. */
export function addressOf(value: Value, bare: "name" | "folder"): Address {
  if (value.kind !== "text") return { kind: "unknown" };
  const written = value.text;
  const double = written.indexOf("::");
  const slash = written.indexOf("/");
  if (double > 0 && (slash < 0 || double < slash) && isWord(written.slice(0, double)))
    return { kind: "helper", helper: written.slice(0, double), address: written.slice(double + 2) };
  if (written.startsWith("file://")) return { kind: "folder", path: written.slice(7) };
  if (written.includes("://")) return { kind: "url", url: written };
  const colon = written.indexOf(":");
  if (colon > 0 && (slash < 0 || colon < slash)) return { kind: "url", url: scpUrl(written, colon) };
  if (written.startsWith("/") || written.startsWith("./") || written.startsWith("../") || written === "." || written === "..")
    return { kind: "folder", path: written };
  return bare === "name" ? { kind: "name", name: written } : { kind: "folder", path: written };
}

/** `git@host:path` is `ssh://git@host/path`. */
function scpUrl(written: string, colon: number): string {
  const path = written.slice(colon + 1);
  return `ssh://${written.slice(0, colon)}${path.startsWith("/") ? "" : "/"}${path}`;
}

function isWord(written: string): boolean {
  for (const unit of written)
    if (!((unit >= "a" && unit <= "z") || (unit >= "0" && unit <= "9") || unit === "-" || unit === "+")) return false;
  return true;
}

/** The deeds of contacting a repository. A configured remote gives none: where it leads is no secret of this line, and its name is in the git deed. */
export function contact(line: GitLine, word: Argument, direction: "receive" | "send", bare: "name" | "folder" = "name"): readonly Deed[] {
  const address = addressOf(word.value, bare);
  const data = direction === "send" ? "derived" : "none";
  switch (address.kind) {
    case "name":
      return redirected(line, address.name, direction);
    case "unknown":
      return [
        { kind: "network", destination: word.value.kind === "pattern" ? UNKNOWN_WORD : word.value, direction, data, span: word.span },
      ];
    case "url":
      return [{ kind: "network", destination: text(rewritten(line, address.url)), direction, data, span: word.span }];
    case "folder": {
      const path = { value: text(address.path), span: word.span };
      return [direction === "send" ? file(line, "write", path, "tree") : file(line, "read", path, "tree")];
    }
    case "helper":
      return helperDeeds(line, word, address.helper, address.address);
  }
}

/** `ext::sh -c …` runs it; any other helper is a program `git-remote-NAME`. */
function helperDeeds(line: GitLine, word: Argument, helper: string, address: string): readonly Deed[] {
  const { span } = word;
  if (helper === "ext") return givenCode(line, "shell", { value: text(address.replaceAll("% ", "\\ ")), span });
  return [
    command(line, [
      { value: text(`git-remote-${helper}`), span },
      { value: text(address), span },
    ]),
  ];
}

/** The line itself may say where a remote leads (`-c remote.origin.url=…`, `-c url.BASE.insteadOf=…`). */
function redirected(line: GitLine, name: string, direction: "receive" | "send"): readonly Deed[] {
  const entry =
    (direction === "send" ? lastEntry(line.config, `remote.${name}.pushurl`) : null) ?? lastEntry(line.config, `remote.${name}.url`);
  const bases = line.config.filter(
    ({ key }) => key?.startsWith("url.") === true && (key.endsWith(".insteadof") || key.endsWith(".pushinsteadof")),
  );
  const words: Argument[] = bases.map(({ key, span }) => ({ value: text(key === null ? "" : key.slice(4, key.lastIndexOf("."))), span }));
  if (entry !== null && entry.value !== null) words.push({ value: entry.value, span: entry.span });
  return words.flatMap((word) => contact({ ...line, config: [] }, word, direction, "folder"));
}

function rewritten(line: GitLine, url: string): string {
  for (const { key, value } of line.config) {
    const isRule = key?.startsWith("url.") === true && (key.endsWith(".insteadof") || key.endsWith(".pushinsteadof"));
    if (!isRule || key === null || value?.kind !== "text" || value.text === "" || !url.startsWith(value.text)) continue;
    return key.slice(4, key.lastIndexOf(".")) + url.slice(value.text.length);
  }
  return url;
}

/** The name for the `remote` of a git deed: as written. */
export function remoteName(word: Argument | undefined): Value {
  if (word === undefined) return UNKNOWN_WORD;
  return word.value.kind === "text" ? word.value : UNKNOWN_WORD;
}

/** The last component of an address without `.git`: the folder that clone makes. */
export function cloneFolder(value: Value): Value {
  if (value.kind !== "text") return UNKNOWN_WORD;
  let path = value.text;
  while (path.endsWith("/")) path = path.slice(0, -1);
  if (path.endsWith("/.git")) path = path.slice(0, -5);
  if (path.endsWith(".git")) path = path.slice(0, -4);
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf(":"));
  const name = path.slice(cut + 1);
  return name === "" || name === "." || name === ".." ? UNKNOWN_WORD : text(name);
}
