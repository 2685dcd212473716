// Makes deeds from what is known of their targets. Implements spec/languages.md section 7.2. Twin of go/change/languages/deed_makers.go.
// A target with several possible values gives one deed for each; one that was decoded from something unknown is opaque.

import type { Language } from "../deeds.js";
import type { Argument, Stdin, Value } from "../values.js";
import { lowerAscii, trimStartAscii } from "./ascii.js";
import { alternatives, isHidden, joinPaths, type Thing, textOf, toValue } from "./things.js";
import { emit, emitOpaque, emitUnknownCode, scopeHere, type World } from "./world.js";

const URL_SCHEMES = ["http://", "https://", "ftp://", "ftps://"];

/** A file deed for every path that `thing` may be. */
export function fileDeed(world: World, effect: "read" | "write" | "delete", extent: "exact" | "tree" | "contents", thing: Thing): void {
  for (const one of alternatives(thing)) {
    if (one.kind === "list") {
      for (const item of one.items) fileDeed(world, effect, extent, item);
      continue;
    }
    // A number is an open file, and what is plain is no path at all.
    if (one.kind === "number" || one.kind === "plain" || (one.kind === "record" && one.entries.size > 0)) continue;
    if (isHidden(one)) {
      emitUnknownCode(world);
      continue;
    }
    const text = textOf(one);
    if (text === "" || (text !== null && isStream(text))) continue;
    if (text !== null && isUrl(text)) {
      urlDeed(world, one, effect === "read" ? "receive" : "send", null);
      continue;
    }
    emit(world, { kind: "file", effect, path: pathHere(world, one), extent, span: world.context.span });
  }
}

// A path of a `file:` URL is its path; a relative path stands below the folder that the code has moved to.
function pathHere(world: World, thing: Thing): Value {
  const text = textOf(thing);
  const plain: Thing = text?.startsWith("file://") ? { kind: "value", value: { kind: "text", text: text.slice(7) } } : thing;
  return toValue(world.cwd === null ? plain : joinPaths(world.cwd, plain));
}

function isStream(text: string): boolean {
  return [
    "/dev/stdin",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/null",
    "php://stdin",
    "php://stdout",
    "php://stderr",
    "php://output",
    "php://input",
    "php://memory",
    "php://temp",
  ].includes(text);
}

/** `http`, `https` and `ftp` addresses, which some languages open like files. */
export function isUrl(text: string): boolean {
  const lower = lowerAscii(text.slice(0, 8));
  return URL_SCHEMES.some((scheme) => lower.startsWith(scheme));
}

/** Code for a shell. */
export function shellCode(world: World, thing: Thing, input: Thing | null, cwd: Thing | null = null): void {
  for (const one of alternatives(thing)) {
    const text = textOf(one);
    const scope = { ...scopeHere(world), ...(cwd === null ? {} : { cwd: toValue(cwd) }), stdin: stdinOf(world, input) };
    if (text !== null)
      emit(world, { kind: "code", language: "shell", code: { kind: "text", text }, positional: [], scope, span: world.context.span });
    else if (one.kind === "object" && one.type === "contents") scriptDeed(world, "shell", one.of);
    else emitUnknownCode(world, "shell");
  }
}

function stdinOf(world: World, input: Thing | null): Stdin | null {
  if (input === null) return null;
  const text = textOf(input);
  return text === null ? { kind: "stream", span: world.context.span } : { kind: "text", text, span: world.context.span };
}

/** A statement for a database; what is not known is a query like any other. */
export function sqlCode(world: World, thing: Thing): void {
  for (const one of alternatives(thing)) {
    const text = textOf(one) ?? (one.kind === "value" && one.value.kind === "unknown" ? one.value.prefix : "");
    if (!SQL_VERBS.includes(firstWord(text))) continue;
    emit(world, {
      kind: "code",
      language: "sql",
      code: { kind: "text", text },
      positional: [],
      scope: scopeHere(world),
      span: world.context.span,
    });
  }
}

const SQL_VERBS =
  "select insert update delete drop truncate alter create grant revoke replace merge copy with pragma attach vacuum call exec execute begin commit set do".split(
    " ",
  );

function firstWord(text: string): string {
  let word = "";
  for (const char of trimStartAscii(text)) {
    const lower = lowerAscii(char);
    if (lower < "a" || lower > "z" || word.length > 12) break;
    word += lower;
  }
  return word;
}

/** A file that is run as code. */
export function scriptDeed(world: World, language: Language, thing: Thing): void {
  for (const one of alternatives(thing)) {
    if (isHidden(one) || toValue(one).kind === "unknown" || isUrl(textOf(one) ?? "")) emitUnknownCode(world, language);
    else
      emit(world, {
        kind: "script",
        language,
        path: pathHere(world, one),
        positional: [{ value: toValue(one), span: world.context.span }],
        scope: scopeHere(world),
        span: world.context.span,
      });
  }
}

/** A command from its words. */
export function wordsDeed(
  world: World,
  things: readonly Thing[],
  place: { cwd: Thing | null; input: Thing | null; environment: Thing | null },
): void {
  const [program] = things;
  if (program === undefined) return;
  const words: Argument[] = things.map((thing) => ({ value: wordOf(thing), span: world.context.span }));
  if (words[0]?.value.kind !== "text" || things.some(isHidden)) {
    if (program.kind === "object" && program.type === "interpreter") return;
    emitOpaque(world, things.some(isHidden) ? "unknown_code" : "unknown_program", things.some(isHidden) ? world.language : "");
    return;
  }
  const scope = { ...scopeHere(world), ...(place.cwd === null ? {} : { cwd: toValue(place.cwd) }), stdin: stdinOf(world, place.input) };
  const more =
    place.environment?.kind === "record" ? [...place.environment.entries].map(([name, value]) => ({ name, value: toValue(value) })) : [];
  emit(world, { kind: "command", words, scope: { ...scope, environment: [...scope.environment, ...more] }, span: world.context.span });
}

function wordOf(thing: Thing): Value {
  return thing.kind === "choice" ? { kind: "unknown", prefix: "", many: false } : toValue(thing);
}

/** A URL is reached; `data` is what goes with it. */
export function urlDeed(world: World, thing: Thing, direction: "send" | "receive", data: Thing | null): void {
  for (const one of alternatives(thing)) {
    const destination = one.kind === "object" ? toValue(one.of) : toValue(one);
    if (isHidden(one)) emitUnknownCode(world);
    else
      emit(world, {
        kind: "network",
        destination,
        direction,
        data: direction === "send" ? sourceOf(data) : "none",
        span: world.context.span,
      });
  }
}

function sourceOf(data: Thing | null): "none" | "literal" | "derived" | "unknown" {
  if (data === null) return "none";
  if (textOf(data) !== null) return "literal";
  if (data.kind === "object" && (data.type === "contents" || data.type === "file" || data.type === "environment")) return "derived";
  return "unknown";
}

/** A connection to a host, from `host` or `(host, port)`. */
export function hostDeed(world: World, thing: Thing): void {
  const host = thing.kind === "list" ? thing.items[0] : thing.kind === "record" ? thing.entries.get("host") : thing;
  if (host === undefined || host.kind === "number" || host.kind === "plain") return;
  emit(world, { kind: "network", destination: toValue(host), direction: "send", data: "unknown", span: world.context.span });
}

/** All environment variables are given away: what `/proc/self/environ` holds is read. */
export function environmentDump(world: World): void {
  emit(world, {
    kind: "file",
    effect: "read",
    path: { kind: "text", text: "/proc/self/environ" },
    extent: "exact",
    span: world.context.span,
  });
}
