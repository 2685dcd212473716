// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the pieces are shell text
// Property-based: whatever the line, deriving never throws, says the same twice, and tells what stands at its end.

import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveWithWants } from "../../src/change/index.js";
import { CATALOGUE, command, effectsOf, FACTS } from "./setting.js";

const PIECES =
  'rm -rf / ~ . .. x $x ${x} ${x:-y} ${x#*/} ${x//a/b} "$@" $* $1 $(echo a) $(cat f) `ls` <(ls) >(sh) {a,b} {1..9} * ? [a] \' " \\ \n ; & && || | |& ( ) { } ! if then else fi for in do done while case esac f() x=1 x+=2 a=(1) a[0]=1 export local cd pushd popd eval source . bash -c sh sudo xargs find -exec + read set -- shift trap EXIT alias > >> < << <<< &> 2>&1 EOF /dev/null /dev/tcp/h/1 $((1+1)) ((i++)) [[ ]] == =~ git push --force curl http://h/x python3 -c break continue return exit unset IFS=, PATH= printf %s -v echo tee cat cp mv ln -s y'.split(
    " ",
  );

const lines = fc
  .array(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string({ maxLength: 6, unit: "binary" }) }),
    {
      maxLength: 24,
    },
  )
  .chain((pieces) => fc.constantFrom(" ", "").map((between) => pieces.join(between === "" ? "" : " ")));

test("never throws, and says the same twice", () => {
  fc.assert(
    fc.property(lines, (line) => {
      expect(effectsOf(line)).toEqual(effectsOf(line));
    }),
    { numRuns: 3000, seed: 7 },
  );
});

test("whatever the arguments of a tool and the facts, never throws", () => {
  const action = fc.record({
    action_type: fc.constantFrom(
      "execute_command",
      "read_file",
      "write_file",
      "git_operation",
      "network_request",
      "mcp_tool_call" as const,
    ),
    target: fc.oneof(lines, fc.constantFrom("filesystem/read_file", "x/__proto__", "/", "")),
    operation: fc.constantFrom("", "delete", "POST", "edit"),
    arguments: fc.oneof(fc.json(), fc.string(), fc.constant('{"path":".env"}')),
    cwd: fc.constantFrom("/srv/app", "", "relative", "/"),
    workspace_root: fc.constantFrom("/srv/app", ""),
  });
  const facts = fc.record({
    home: fc.constantFrom("", "/home/dev"),
    links: fc.dictionary(fc.constantFrom("/srv/app/x", "/srv", "/srv/app/y"), fc.constantFrom("/srv/app/y", "y", "..", "/", "")),
    listings: fc.dictionary(fc.constantFrom("/srv/app", "/", "/srv"), fc.array(fc.constantFrom("x", ".env", "a b", "*", ""))),
    scripts: fc.dictionary(fc.constantFrom("/srv/app/x", "/srv/app/y"), lines),
  });
  fc.assert(
    fc.property(action, facts, (one, known) => {
      const all = { ...FACTS, ...known };
      expect(deriveWithWants(one, all, CATALOGUE)).toEqual(deriveWithWants(one, all, CATALOGUE));
    }),
    { numRuns: 2000, seed: 11 },
  );
});

test("what stands after a line is told, whatever the line, when the line is whole", () => {
  const whole = fc.constantFrom(
    ..."echo a|x=1; cd $x|f() { rm b; }; f|for i in 1 2; do cd $i; done|if x; then cd /; fi|eval 'x=2'|trap 'rm c' EXIT|set -- a b|while read a; do :; done|{ cd ..; }|(cd /)|export PATH=/x|alias rm=ls|unset HOME|x=$(cat f)|echo {a,b}|cat <<< x|[[ a == b ]]|((i++))|case a in b) :;; esac".split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 8 }), (parts) => {
      const effects = effectsOf([...parts, "rm -rf /etc"].join("\n"));
      expect(effects.some((effect) => effect.kind === "delete" && effect.target === "/etc")).toBe(true);
    }),
    { numRuns: 1000, seed: 3 },
  );
});

test("spans stay inside the line", () => {
  fc.assert(
    fc.property(lines, (line) => {
      const bytes = new TextEncoder().encode(command(line).target).length;
      for (const effect of effectsOf(line)) {
        expect(effect.span.start).toBeLessThanOrEqual(effect.span.end);
        expect(effect.span.end).toBeLessThanOrEqual(bytes);
      }
    }),
    { numRuns: 1500, seed: 5 },
  );
});
