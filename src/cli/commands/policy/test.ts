// `cavra policy test`: a pack's own tests, what they cover, and what no test could. Implements spec/cli.md 7.3.

import { packedCatalogue } from "../../../authority/index.js";
import { deriveChange } from "../../../change/index.js";
import { openPolicy, type Pack, type TestReport, testPolicy } from "../../../policy/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { named, packOf } from "./named.js";

export function test(terminal: Terminal, name: string, { json }: { readonly json?: boolean }): ExitStatus {
  const pack = packOf(terminal, name);
  const policy = openPolicy(named(terminal, name));
  const { catalogue } = packedCatalogue();
  const result = testPolicy(pack, policy, (action, facts) => deriveChange(action, facts, catalogue));
  const failed = result.results.filter((one) => !one.passed).length;
  terminal.print(json ? `${JSON.stringify(testJson(pack, result))}\n` : renderTests(pack, result, terminal));
  return failed === 0 && result.broken_insteads.length === 0 && !isUntested(pack) ? EXIT.done : EXIT.deny;
}

/** Rules without a single test: nothing was shown, so nothing holds. */
function isUntested(pack: Pack): boolean {
  return pack.rules.length > 0 && pack.tests.length === 0;
}

function testJson(pack: Pack, result: TestReport): object {
  const results = result.results.map(({ name, at, passed, expected, expected_rule, judgement }) => ({
    name,
    at,
    passed,
    expected,
    expected_rule,
    verdict: judgement.verdict,
    rule_id: judgement.rule_id,
  }));
  return { pack: pack.id, ...result, results };
}

function renderTests(pack: Pack, result: TestReport, terminal: Terminal): string {
  const { green, red, bold, dim } = terminal.colours;
  const failures = result.results.filter((one) => !one.passed);
  const told = failures.map(
    ({ name, at, expected, expected_rule, judgement }) =>
      `${red("✗")} ${name} ${dim(at)}\n    expected ${expected}${expected_rule === "" ? "" : ` by ${expected_rule}`}, got ${judgement.verdict} by ${judgement.rule_id}\n`,
  );
  const untested = result.untested_rules.map((id) => `${dim("–")} no test makes rule ${id} hold\n`);
  const broken = result.broken_insteads.map((id) => `${red("✗")} the way out of rule ${id} is itself stopped\n`);
  if (isUntested(pack)) {
    const hint = "  write some under `tests`, such as `{ command: ls, expect: allow }`";
    return `${told.join("")}${broken.join("")}${red("✗")} ${bold(pack.id)}: no tests for ${count(pack.rules.length, "rule")}\n${hint}\n`;
  }
  return `${told.join("")}${broken.join("")}${untested.join("")}${failures.length === 0 ? green("✓") : red("✗")} ${bold(pack.id)}: ${result.results.length - failures.length} passed, ${failures.length} failed\n`;
}
