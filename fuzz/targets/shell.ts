// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the pieces are shell text
// The shell reader: a tree for every text, the same one twice, its places in order; and what it accepts, bash accepts, and writes down as a text with the same tree.

import { readShell, unsupportedPlaces } from "../../src/change/shell/index.js";
import { diceOf } from "../../test/dice.js";
import { script, soup } from "../../test/shell/generate.js";
import { checkScript, expectInside, sizeBytes } from "../../test/shell/places.js";
import { bashAccepts, bashPrints, bashVersion } from "../../test/shell/real-bash.js";
import { render } from "../../test/shell/render.js";
import type { Finding, Target } from "../engine.js";
import { normalScript } from "../normal-form.js";
import { corpusLines, isWhole } from "../seeds.js";

const PIECES =
  "; & | && || |& ( ) { } [[ ]] (( )) $( $(( ${ } ` ' \" $' $\" \\ \\\n \n # ! = += < > >> << <<- <<< <& >& &> 2>&1 <( >( * ? [ ] ~ {a,b} {1..3} $x ${x} ${x:-y} ${x#*/} ${!x} ${x[@]} ${x/a/b} $@ $? if then elif else fi for in do done while until case esac ;; ;& function f() a=(1) a[0]=1 \0 é 😀 \ud800 EOF 'EOF' time coproc select -f == =~ -eq x:y $((1+1))".split(
    " ",
  );

export const shell: Target = {
  name: "shell",
  seeds: () => [
    ...corpusLines(),
    ...Array.from({ length: 300 }, (_, i) => script(diceOf(i))),
    ...Array.from({ length: 100 }, (_, i) => soup(diceOf(i))),
  ],
  pieces: [...PIECES, " ", "\t"],
  maxLength: 600,
  check(text) {
    const read = readShell(text);
    if (JSON.stringify(read) !== JSON.stringify(readShell(text))) throw new Error("two readings differ");
    const whole = { start: 0, end: sizeBytes(text) };
    checkScript(read, whole);
    for (const { span } of unsupportedPlaces(read)) expectInside(span, whole);
  },
  checkAll(texts) {
    if (bashVersion() !== "5.2") return [];
    // One in four: bash takes longer than everything else. It reads no NUL and no halves of surrogate pairs from a file.
    const accepted = texts.filter((text, i) => i % 4 === 0 && isWhole(text) && !text.includes("\0") && isAccepted(text));
    const verdicts = bashAccepts(accepted);
    const refused = accepted.filter((_, i) => verdicts[i] !== true);
    // Where a newline follows on the inner `)` of `((a)`, bash -c refuses what bash reads in a file: spec/shell.md section 8.5.
    const inFile = bashAccepts(refused, "file");
    const wrong = refused.filter((input, i) => inFile[i] !== true || !/\(\([\s\S]*\)[ \t]*\n/.test(input));
    return [
      ...wrong.map((input) => ({ input, message: "accepted, and bash -n refuses it" })),
      ...readOtherwise(accepted.filter((text) => !refused.includes(text))),
    ];
  },
};

/** bash writes down what it has read, and that must be the same to us as the text itself. */
function readOtherwise(texts: readonly string[]): readonly Finding[] {
  // Here-documents are printed before what stands behind them on the line, and coprocesses with a name that makes them other commands: neither can be read again.
  // A backslash at the very end of a file is gone.
  const asked = texts.filter((text) => !text.endsWith("\\") && !/<<(?!<)|coproc/.test(text.replaceAll("\\\n", "")));
  const printed = bashPrints(asked);
  return asked.flatMap((input, i) => {
    const [ours, its] = [input, printed[i] ?? ""].map(normalText);
    // Its own mark for an escaped character, which `$'\1'` is too, comes out doubled.
    return ours === its || printed[i]?.includes("\x01") === true
      ? []
      : [
          {
            input,
            message: `bash reads it as ${JSON.stringify(printed[i])}, for us that is ${JSON.stringify(its)}, and the text ${JSON.stringify(ours)}`,
          },
        ];
  });
}

/** `$'\\'n'` is printed as `''\\''n'`: what is quoted piece by piece is quoted. */
function normalText(text: string): string {
  return render(normalScript(readShell(text)), "tree").replaceAll(
    /q"((?:[^"\\]|\\.)*)"(?:\+q"((?:[^"\\]|\\.)*)")+/g,
    (run) => `q"${run.slice(2, -1).replaceAll('"+q"', "")}"`,
  );
}

function isAccepted(text: string): boolean {
  return unsupportedPlaces(readShell(text)).length === 0;
}
