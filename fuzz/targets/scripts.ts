// Whole scripts against bash itself: variables, arrays, functions, loops and tests. Whatever bash hands to `rm`, the change tells as deleted, or says that it cannot know it.
// SECURITY: bash runs the texts. They find no program, hold no redirect but here-strings and here-documents, and only the builtins that stand here.

import { type Command, type Redirect, readShell, unsupportedPlaces, type WordPart } from "../../src/change/shell/index.js";
import { effectsOf } from "../../test/change/setting.js";
import { diceOf } from "../../test/dice.js";
import { bashRuns, bashVersion } from "../../test/shell/real-bash.js";
import { deletionsTold, pathsOf, wordsOfCall } from "../deletions.js";
import type { Finding, Target } from "../engine.js";
import { scriptText } from "../script-texts.js";
import { isWhole } from "../seeds.js";

/** What a script begins with: a variable that nothing has set is unknown, and there would be little to compare. */
export const BEFORE = "A=a B='b c' C= N=1 i=; L=(one 'two x' 3); unset D; f() { echo \"$1\"; }; set -- p 'q r'\n";
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell text
const PIECES =
  '; && || \n { } ( ) "$A" $A $B "$i" $i "$@" $@ $1 $2 ${L[@]} "${L[@]}" ${L[1]} ${A%b} ${A#a} ${A/a/b} $((N+1)) a b c d/e \'a\' "b" A= B+= L=( L+=( ) L[1]= local declare unset shift set -- read -r <<< printf -v IFS=: f for i in do done case in esac if then else fi [[ ]] == != -n -z ! true false return break continue rm --'.split(
    " ",
  );
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: shell text
const BUILTINS = new Set(
  ": true false rm f g echo printf read set shift unset local declare typeset export let test [ return break continue mapfile".split(" "),
);
/** What would reach beyond the text however it is written. */
const DANGEROUS = /kill|exec|command|builtin|enable|source|trap|PATH|suspend|ulimit|logout|eval|hash|>/;
const SEEDS = 400;

export const scripts: Target = {
  name: "scripts",
  seeds: () => Array.from({ length: SEEDS }, (_, i) => scriptText(diceOf(i))),
  pieces: PIECES.map((piece) => ` ${piece} `),
  maxLength: 400,
  check(text) {
    const once = JSON.stringify(effectsOf(BEFORE + text));
    if (once !== JSON.stringify(effectsOf(BEFORE + text))) throw new Error("two derivations differ");
  },
  checkAll(texts) {
    if (bashVersion() !== "5.2") return [];
    // What is not told is looked for; where all is admitted there is nothing to ask.
    const asked = texts.filter((text) => isHarmless(text) && !deletionsTold(BEFORE + text).isUnsure);
    const answers = bashRuns(
      asked.map((text) => BEFORE + text),
      { braces: true, input: false, bounded: true },
    );
    return asked.flatMap((input, i): readonly Finding[] => {
      const missed = missedIn(input, answers[i] ?? []);
      return missed === null ? [] : [{ input, message: `bash deletes ${JSON.stringify(missed)}, and the change does not tell of it` }];
    });
  },
};

function missedIn(text: string, calls: readonly string[]): string | null {
  const { told } = deletionsTold(BEFORE + text);
  const operands = calls.map(wordsOfCall).flatMap((call) => (call[0] === "rm" && call[1] === "--" ? [call.slice(2)] : []));
  return operands.flatMap((each) => pathsOf(each) ?? []).find((path) => !told.includes(path)) ?? null;
}

/** Only builtins by their names, none in the background, functions `f` and `g`, and nothing that the reader leaves out. */
function isHarmless(text: string): boolean {
  if (!isWhole(text) || DANGEROUS.test(text) || /[^\n\t -\uffff]|\\[0-7xucU]/.test(text)) return false;
  const script = readShell(text);
  return unsupportedPlaces(script).length === 0 && nodesOf(script).every(isHarmlessNode);
}

type Node = Partial<Record<string, unknown>>;

function nodesOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== "object" || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesOf)];
}

function isHarmlessNode(node: Node): boolean {
  if ("background" in node) return node.background === false;
  if ("target" in node) return (node as unknown as Redirect).operator.startsWith("<<");
  const command = node as unknown as Command | WordPart;
  if (command.kind === "function") return command.name === "f" || command.name === "g";
  if (command.kind !== "simple") return command.kind !== "process_substitution";
  const only = command.words[0]?.parts.length === 1 ? command.words[0].parts[0] : undefined;
  return command.words.length === 0 || (only?.kind === "literal" && BUILTINS.has(only.text));
}
