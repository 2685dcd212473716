// Remotes: push, fetch, pull, ls-remote, remote, subtree. Implements spec/git.md section 14. Twin of go/change/programs/git_remotes.go.

import type { Deed } from "../deeds.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { addressOf, contact, remoteName } from "./git-address.js";
import { currentBranch, type GitLine, git, has, lastOf, may, operands } from "./git-line.js";
import { isHead, readRefspec, shortRef } from "./git-refs.js";

/** Operands of `fetch --multiple`; more are told as one address that cannot be known. */
export const MAX_FETCHED_REMOTES = 64;

type Force = "none" | "lease" | "force";

/** One deed for each ref; a dry run only contacts the remote. */
export function push(line: GitLine): readonly Deed[] {
  const remoteWord = operands(line)[0] ?? lastOf(line, "repo") ?? undefined;
  const reached = remoteWord === undefined ? contactDefault(line, "send") : contact(line, remoteWord, "send");
  if (has(line, "dry_run")) return reached.filter((deed) => deed.kind !== "file");
  const remote = remoteWord === undefined ? defaultRemote(line) : remoteName(remoteWord);
  return [...reached, ...pushedRefs(line, remote)];
}

function pushedRefs(line: GitLine, remote: Value): readonly Deed[] {
  const force: Force = may(line, "force") ? "force" : has(line, "force_with_lease") ? "lease" : "none";
  const specs = operands(line).slice(1);
  const many = { ref: UNKNOWN_WORD, remote, force } as const;
  if (may(line, "mirror"))
    return [git(line, "push", { ...many, force: "force" }), git(line, "delete_remote_ref", { ...many, force: "force" })];
  const deeds: Deed[] = [];
  if (has(line, "all", "branches", "tags")) deeds.push(git(line, "push", many));
  if (has(line, "all", "branches")) deeds.push(...defaultBranchAmong(line, many));
  if (may(line, "prune")) deeds.push(git(line, "delete_remote_ref", many));
  const isDelete = may(line, "delete");
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i];
    const next = specs[i + 1];
    if (spec === undefined) continue;
    if (spec.value.kind === "text" && spec.value.text === "tag" && next !== undefined && !isDelete) {
      deeds.push(git(line, "push", { ref: shortRef(line.place, next.value), remote, force, span: next.span }));
      i += 1;
    } else deeds.push(...pushedRef(line, spec, remote, force, isDelete));
  }
  const isNamed = specs.length > 0 || has(line, "all", "branches", "tags");
  return isNamed ? deeds : [...deeds, git(line, "push", { ref: defaultRef(line, remote), remote, force })];
}

function pushedRef(line: GitLine, spec: Argument, remote: Value, force: Force, isDelete: boolean): readonly Deed[] {
  const { span } = spec;
  if (isDelete) return [git(line, "delete_remote_ref", { ref: shortRef(line.place, spec.value), remote, force, span })];
  if (spec.value.kind !== "text") {
    const operation = beginningOf(spec.value).startsWith(":") ? "delete_remote_ref" : "push";
    return [git(line, operation, { ref: UNKNOWN_WORD, remote, force: maybeForced(spec.value, force), span })];
  }
  const { force: plus, source, target } = readRefspec(spec.value.text);
  const forced: Force = plus ? "force" : force;
  if (source === null && target === null) return [git(line, "push", { ref: UNKNOWN_WORD, remote, force: forced, span })];
  if (source === null)
    return [git(line, "delete_remote_ref", { ref: shortRef(line.place, text(target ?? "")), remote, force: forced, span })];
  const ref = target === null ? shortRef(line.place, text(source)) : isHead(target) ? UNKNOWN_WORD : shortRef(line.place, text(target));
  const among = (target ?? source).includes("*") ? defaultBranchAmong(line, { remote, force: forced, span }) : [];
  return [git(line, "push", { ref, remote, force: forced, span }), ...among];
}

/** Where every branch is pushed, so is the default one. */
function defaultBranchAmong(
  line: GitLine,
  target: { readonly remote: Value; readonly force: Force; readonly span?: Argument["span"] },
): readonly Deed[] {
  const { default_branch: name } = line.call.facts.git;
  return name === "" ? [] : [git(line, "push", { ...target, ref: text(name) })];
}

/** `+$branch` */
function maybeForced(value: Value, force: Force): Force {
  return beginningOf(value).startsWith("+") ? "force" : force;
}

function beginningOf(value: Value): string {
  return value.kind === "unknown" ? value.prefix : value.kind === "pattern" ? value.glob : "";
}

/** With push.default as git ships it, the branch that the current one tracks. Settings on the line can make it any. */
function defaultRef(line: GitLine, remote: Value): Value {
  const isSet = line.config.some(
    ({ key }) => key !== null && (key.startsWith("push.") || key.startsWith("branch.") || key.startsWith("remote.")),
  );
  if (isSet || operands(line).some(({ value }) => value.kind === "unknown" && value.many)) return UNKNOWN_WORD;
  const { upstream_branch: upstream, upstream_remote: tracked } = line.place;
  const isTracked = remote.kind !== "text" || tracked === "" || remote.text === tracked;
  return upstream !== "" && isTracked ? shortRef(line.place, text(upstream)) : currentBranch(line);
}

function defaultRemote(line: GitLine): Value {
  return line.place.upstream_remote === "" ? UNKNOWN_WORD : text(line.place.upstream_remote);
}

function contactDefault(line: GitLine, direction: "receive" | "send"): readonly Deed[] {
  const name = line.place.upstream_remote === "" ? "origin" : line.place.upstream_remote;
  return contact(line, { value: text(name), span: line.span }, direction);
}

export function lfsPush(line: GitLine): readonly Deed[] {
  const remote = operands(line)[0];
  if (remote === undefined) return [];
  const reached = contact(line, remote, "send");
  return has(line, "dry_run") ? reached : [...reached, git(line, "push", { ref: UNKNOWN_WORD, remote: remoteName(remote) })];
}

export function fetchRefs(line: GitLine): readonly Deed[] {
  const remote = operands(line)[0];
  const reached = has(line, "multiple") || remote === undefined ? contactAll(line) : contact(line, remote, "receive");
  if (has(line, "dry_run")) return reached;
  const fetched = git(line, "fetch", { remote: remote === undefined ? fetchedRemote(line) : remoteName(remote) });
  const isForced = may(line, "force");
  const moved = has(line, "multiple")
    ? []
    : operands(line)
        .slice(1)
        .flatMap((spec) => movedBranch(line, spec, isForced));
  return [...reached, fetched, ...moved];
}

function fetchedRemote(line: GitLine): Value {
  return has(line, "all") ? UNKNOWN_WORD : defaultRemote(line);
}

function contactAll(line: GitLine): readonly Deed[] {
  const words = operands(line);
  if (words.length > MAX_FETCHED_REMOTES) return contact(line, { value: UNKNOWN_WORD, span: line.span }, "receive");
  return words.length === 0 ? contactDefault(line, "receive") : words.flatMap((word) => contact(line, word, "receive"));
}

/** `+src:dst` moves a branch here; refs under refs/remotes are only copies. */
function movedBranch(line: GitLine, spec: Argument, isForced: boolean): readonly Deed[] {
  if (spec.value.kind !== "text") return [];
  const { force, target } = readRefspec(spec.value.text);
  if (target === null || target.startsWith("refs/remotes/") || target.startsWith("refs/tags/")) return [];
  return [
    git(line, "move_branch", {
      ref: shortRef(line.place, text(target)),
      force: force || isForced ? "force" : "none",
      span: spec.span,
    }),
  ];
}

/** A fetch, and then a merge or a rebase of the current branch. */
export function pull(line: GitLine): readonly Deed[] {
  const fetched = fetchRefs(line);
  if (has(line, "dry_run")) return fetched;
  const rebases = lastRebase(line) ?? isTrue(line, "pull.rebase");
  return [...fetched, git(line, rebases ? "rebase" : "merge", { ref: currentBranch(line) })];
}

/** `--rebase[=value]` against `--no-rebase`: the last one counts; null without either. */
function lastRebase(line: GitLine): boolean | null {
  let last: boolean | null = null;
  for (const { means, negated, values } of line.cut.options) {
    if (means === "no_rebase") last = negated;
    if (means !== "rebase") continue;
    const value = values[0]?.value;
    last = !negated && !(value?.kind === "text" && ["false", "no", "off", "0"].includes(value.text));
  }
  return last;
}

function isTrue(line: GitLine, key: string): boolean {
  const entry = line.config.filter((one) => one.key === key).at(-1);
  return entry !== undefined && !(entry.value?.kind === "text" && ["false", "no", "off", "0", ""].includes(entry.value.text));
}

export function subtreePull(line: GitLine): readonly Deed[] {
  const remote = operands(line).length > 1 ? operands(line)[0] : undefined;
  const merged = git(line, "merge", { ref: currentBranch(line) });
  return remote === undefined
    ? [merged]
    : [...contact(line, remote, "receive"), git(line, "fetch", { remote: remoteName(remote) }), merged];
}

export function subtreePush(line: GitLine): readonly Deed[] {
  const [remote, spec] = operands(line);
  if (remote === undefined || spec === undefined) return [];
  return [...contact(line, remote, "send"), ...pushedRef(line, spec, remoteName(remote), "none", false)];
}

export function subtreeSplit(line: GitLine): readonly Deed[] {
  const name = lastOf(line, "branch");
  return name === null ? [] : [git(line, "create_branch", { ref: shortRef(line.place, name.value), span: name.span })];
}

export function listRemote(line: GitLine): readonly Deed[] {
  const remote = operands(line)[0];
  return remote === undefined ? contactDefault(line, "receive") : contact(line, remote, "receive");
}

/** The address is not contacted yet, unless `-f` stands there; a helper in it (`ext::`) runs at every later contact. */
export function addRemote(line: GitLine): readonly Deed[] {
  const [name, url] = operands(line);
  if (name === undefined || url === undefined) return [];
  const added = git(line, "configure", { remote: remoteName(name), span: name.span });
  const isHelper = addressOf(url.value, "folder").kind === "helper";
  if (has(line, "fetch")) return [added, ...contact(line, url, "receive", "folder"), git(line, "fetch", { remote: remoteName(name) })];
  return isHelper ? [added, ...contact(line, url, "receive", "folder")] : [added];
}

export function setRemoteUrl(line: GitLine): readonly Deed[] {
  const [name, url] = operands(line);
  if (name === undefined) return [];
  const set = git(line, "redirect_remote", { remote: remoteName(name), span: name.span });
  const isHelper = url !== undefined && addressOf(url.value, "folder").kind === "helper";
  return isHelper ? [set, ...contact(line, url, "receive", "folder")] : [set];
}

export function configureRemote(line: GitLine): readonly Deed[] {
  const name = operands(line)[0];
  return name === undefined ? [] : [git(line, "configure", { remote: remoteName(name), span: name.span })];
}

export function updateRemotes(line: GitLine): readonly Deed[] {
  if (has(line, "dry_run")) return [];
  const name = operands(line)[0];
  return [git(line, "fetch", { remote: remoteName(name) })];
}
