// Word evaluation against bash itself: whatever bash hands to `rm`, the change tells as deleted, or says that it cannot know it.

import { type Command, readShell, unsupportedPlaces, type Word, type WordPart } from "../../src/change/shell/index.js";
import { effectsOf } from "../../test/change/setting.js";
import { bashRuns, bashVersion } from "../../test/shell/real-bash.js";
import { deletionsTold, pathsOf, wordsOfCall } from "../deletions.js";
import type { Finding, Target } from "../engine.js";
import { isWhole } from "../seeds.js";

const BEFORE = "A='a b'; B=/x/y.tar.gz; C=; L=(one 'two words' 3); set -- p 'q r'; rm -- ";
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell text
const PIECES =
  '$A ${A} "$A" "${A}" $B ${B##*/} ${B%%.*} ${B%.*} ${B#*/} ${B/x/z} ${B//y/w} ${B/#\\/x/q} ${B/%gz/z} ${C:-d} ${C-d} ${C:+d} ${A:+d} ${A:=e} ${D:=f} ${#A} ${#L[@]} ${L[1]} "${L[@]}" ${L[@]} ${L[*]} "${L[*]}" ${!L[@]} $1 $2 "$@" $@ "$*" $* $# ${@:1} ${@:2:1} ${A:1} ${A:0:1} ${B: -2} ${B:1:-1} ${A^} ${A^^} ${A,,} ${A^^[ab]} {a,b} {1..3} {a..c} {01..03} {3..1..2} x{,y}z {a,{b,c}} {a\\,b,c} ~ ~/x \\~ $\'a\\tb\' $\'\\x41\' $\'\\u00e9\' $\'\\\'\' $\'\\101\' \\a \\\\ \\\' \\" \'a\' "a" \'a b\' "a b" "a\\"b" "a\\$A" \'\' "" $((1+2)) $((2**3)) $((1?2:3)) $((${#A}+1)) $((A=4)) $((010)) $((0x1f)) $((7/2)) $((-7%3)) $((1<<4)) $((5&3|8)) $((!0)) $((1,2)) x - / . .. .env = , : + @ % 1 a'.split(
    " ",
  );
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell text

export const words: Target = {
  name: "words",
  seeds: () => PIECES,
  pieces: [...PIECES, " ", " "],
  maxLength: 160,
  check(text) {
    const once = JSON.stringify(effectsOf(BEFORE + text));
    if (once !== JSON.stringify(effectsOf(BEFORE + text))) throw new Error("two derivations differ");
  },
  checkAll(texts) {
    if (bashVersion() !== "5.2") return [];
    const asked = texts.filter(isWordsOnly);
    const answers = bashRuns(
      asked.map((text) => BEFORE + text),
      { braces: true },
    );
    return asked.flatMap((input, i): readonly Finding[] => {
      const call = wordsOfCall(answers[i]?.at(-1) ?? "");
      // Where bash stops with an error nothing is deleted.
      const message = call[0] === "rm" ? difference(input, call.slice(2)) : null;
      return message === null ? [] : [{ input, message }];
    });
  },
};

/** Nothing but words: one simple command, no redirect, nothing that runs. */
function isWordsOnly(text: string): boolean {
  if (!isWhole(text) || text.includes("\0") || text.includes("\n")) return false;
  const script = readShell(`rm -- ${text}`);
  const [item, more] = script.items;
  const [only, next] = item?.first.commands ?? [];
  if (item === undefined || more !== undefined || item.background || item.rest.length > 0 || next !== undefined) return false;
  return only !== undefined && unsupportedPlaces(script).length === 0 && isPlain(only);
}

function isPlain(only: Command): boolean {
  return only.kind === "simple" && only.redirects.length === 0 && only.assignments.length === 0 && only.words.every(runsNothing);
}

function runsNothing(word: Word): boolean {
  return word.parts.every(partRunsNothing);
}

function partRunsNothing(part: WordPart): boolean {
  switch (part.kind) {
    case "command_substitution":
    case "process_substitution":
      return false;
    case "double":
    case "arithmetic":
      return part.parts.every(partRunsNothing);
    case "parameter":
      return [part.subscript, ...part.arguments].every((inner) => inner === null || runsNothing(inner));
    default:
      return true;
  }
}

function difference(text: string, operands: readonly string[]): string | null {
  const paths = pathsOf(operands);
  const { told, isUnsure } = deletionsTold(BEFORE + text);
  if (paths === null || isUnsure) return null;
  const missed = paths.find((path) => !told.includes(path));
  if (missed !== undefined) return `bash deletes ${JSON.stringify(missed)}, and the change does not tell of it`;
  const invented = told.find((target) => !paths.includes(target));
  return invented === undefined ? null : `the change tells of ${JSON.stringify(invented)}, and bash does not delete it`;
}
