// What bash really does, each line a trap that another reader of the shell fell into; and that helpers of the reader stay what they are.

import { describe, expect, test } from "vitest";
import { readShell } from "../../src/change/shell/index.js";
import { render } from "./render.js";

interface Trap {
  readonly text: string;
  readonly tree: string;
}

const ACCEPTED: Readonly<Record<string, readonly Trap[]>> = {
  "a # inside a word is no comment": [
    { text: "echo $*#;id", tree: '[("echo" ${*}+"#") ("id")]' },
    { text: "echo $1#a", tree: '[("echo" ${1}+"#a")]' },
  ],
  "a body ends at its brace": [
    { text: "f(){ s;}|m", tree: '[((function f (group [("s")])) | ("m"))]' },
    { text: "f(){ s\n}&&v", tree: '[((function f (group [("s")])) && ("v"))]' },
  ],
  "time is a program after a pipe, and takes -- elsewhere": [
    { text: "m|time", tree: '[(("m") | ("time"))]' },
    { text: "time -- ls", tree: '[(time ("ls"))]' },
  ],
  "a process substitution is part of its word": [
    { text: "V=<(x) rm -rf /", tree: '[(V=<[("x")] "rm" "-rf" "/")]' },
    { text: "t>()", tree: '[("t"+>[])]' },
    { text: "<()t", tree: '[(<[]+"t")]' },
  ],
  "arithmetic contains expansions": [
    { text: "(($1))", tree: "[(arithmetic ${1})]" },
    { text: "((a[1]))", tree: '[(arithmetic "a[1]")]' },
    { text: "echo $[$1]", tree: '[("echo" $((${1})))]' },
    { text: "echo $(( $(id) ))", tree: '[("echo" $((" "+$[("id")]+" ")))]' },
  ],
  "a here-document ends where bash ends it": [
    { text: "cat <<-E\n\ta\\\nE\n\tE\nid", tree: '[("cat" <<-q"aE\\n") ("id")]' },
    { text: "<<E|[[ a ]]\nO\nE", tree: '[((<<q"O\\n") | (test "a"))]' },
    { text: "cat <<E\nrm", tree: '[("cat" <<q"rm\\n")]' },
  ],
  "these are accepted": [
    { text: "A=1 b=(1) c", tree: '[(A="1" b=("1") "c")]' },
    { text: "export A= ''", tree: '[("export" "A=" q"")]' },
    { text: "export>2 o", tree: '[("export" "o" >"2")]' },
    { text: "let", tree: '[("let")]' },
    { text: "((1) )", tree: '[(subshell [(subshell [("1")])])]' },
    { text: "(())", tree: '[(arithmetic "")]' },
    { text: "~=[", tree: '[("~=[")]' },
    { text: "${v///}", tree: '[(${v // "/"})]' },
  ],
};

const OPAQUE: Readonly<Record<string, readonly Trap[]>> = {
  "these are refused": [
    { text: "else", tree: "[(unsupported syntax_error)]" },
    { text: "in", tree: "[(unsupported syntax_error)]" },
    { text: "{ }", tree: "[(group [(unsupported syntax_error)])]" },
    { text: "if;then;fi", tree: "[(if [(unsupported syntax_error)] [])]" },
    { text: "for d do;done", tree: "[(for d * [(unsupported syntax_error)])]" },
    { text: "r(", tree: '[("r") (unsupported syntax_error)]' },
    { text: '<<"E', tree: "[(<<!unterminated)]" },
    { text: "if t;then p; ;fi", tree: '[(if [("t")] [("p") (unsupported syntax_error)])]' },
    // Measured: bash 5.2 refuses it, although an older note says that it is a command.
    { text: "]]", tree: "[(unsupported syntax_error)]" },
  ],
  "a target glued to the next redirect is refused": [
    { text: "> 2>&1", tree: "[(>!glued_redirect)]" },
    { text: "> {fd}>f", tree: "[(>!glued_redirect)]" },
  ],
  "a carriage return is neither a blank nor text to be trusted": [{ text: "ls\r -l", tree: '[("ls"+!carriage_return "-l")]' }],
  "what depends on an option of the shell is opaque": [
    { text: "@($(id))", tree: "[(!extended_glob)]" },
    { text: "!(a)", tree: "[(!extended_glob)]" },
  ],
  "a subscript that bash evaluates is opaque": [{ text: "local a[1]=", tree: '[("local" !subscripted_declaration)]' }],
  "only the smallest part is opaque": [
    { text: "ls; coproc X { x; }", tree: '[("ls") (unsupported coprocess)]' },
    { text: "rm -rf ${!x} b && c", tree: '[(("rm" "-rf" !indirect_expansion "b") && ("c"))]' },
    { text: "git reset --hard 'x", tree: '[("git" "reset" "--hard" !unterminated)]' },
  ],
};

describe("the reader", () => {
  for (const [name, traps] of Object.entries({ ...ACCEPTED, ...OPAQUE })) {
    test.each(traps)(`${name}: $text`, ({ text, tree }) => {
      expect(render(readShell(text), "tree")).toBe(tree);
    });
  }

  test("gives equal trees for equal texts, and shares nothing between them", () => {
    const text = 'a "$(b <<E\n$c\nE\n)" | d; `e \\`f\\``';
    const first = readShell(text);
    readShell("x 'y");
    expect(readShell(text)).toEqual(first);
    expect(readShell(text)).not.toBe(first);
  });
});
