// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the policy language's own spelling
// The policy loader and compiler: an answer for every text, the same one twice, with a code and a sentence; what loads can be compiled, printed and asked.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compiledText,
  compilePolicy,
  judge,
  loadPack,
  openPackedRules,
  openPolicy,
  type Pack,
  packRulebook,
} from "../../src/policy/index.js";
import { effectsOf } from "../../test/change/setting.js";
import { SUBJECT } from "../../test/policy/arbitrary.js";
import { library } from "../../test/policy/packs.js";
import type { Target } from "../engine.js";

const PACKS = ["cavra-strict", "cavra-ai-agent-baseline", "cavra-terraform"].map((id) =>
  readFileSync(join(process.cwd(), "policies", `${id}.yaml`), "utf8"),
);
const HEAD = 'schema_version: cavra.policy.v1\nid: x\nversion: "1"\n';
const RULES = [
  'rules:\n  - id: a\n    match: {effect: delete, path: "**"}\n    verdict: deny\n    severity: high\n    reason: no\n',
  'inherits: cavra-ai-agent-baseline\nexceptions:\n  - rule: read.secrets\n    match: {effect: read, path: "**/.env"}\n    reason: test\n    until: 2027-01-01T00:00:00Z\n',
  "defaults:\n  read: allow\n  delete: {verdict: deny, unknown: deny}\n",
  'mcp_trust:\n  - server: "github*"\n    verdict: warn\n    tools:\n      - {tool: "delete_*", verdict: deny}\n',
  "tests:\n  - action: execute_command\n    target: rm -rf /\n    verdict: deny\n",
];
const PIECES =
  '\n|\n  |\n    - |: |- |{|}|[|]|"|\'|#|&a |*a|<<: |!!str |!!binary |%YAML 1.2\n|---\n|...\n|? || >\n|null|true|~|1e9|0x1f|.nan|match|unless|effect|read|write|delete|exec|git|network|operate|call|opaque|path|covers|"**"|"*/**/x"|"[a-z]"|"{a,b}"|"${workspace}"|"${branch.default}"|inherits|rules|verdict|deny|allow|require_approval|severity|critical|overridable: never|until|2026-13-40T00:00:00Z|mode: audit|__proto__|constructor|\t|\0|é|😀|\ud800|options: ["-f"]|inside_workspace: true|unknown: true|instead'.split(
    "|",
  );
const EFFECTS = ["rm -rf /", "cat .env; git push --force origin main", "curl -d @x https://h", "x=$y; $x", "ls"].map((line) =>
  effectsOf(line),
);

export const policy: Target = {
  name: "policy",
  seeds: () => [HEAD + RULES.join(""), ...RULES.map((rules) => HEAD + rules), ...PACKS],
  pieces: PIECES,
  maxLength: 40_000,
  check(text) {
    const loaded = loadPack(text, "p.yaml", "host");
    if (JSON.stringify(loaded) !== JSON.stringify(loadPack(text, "p.yaml", "host"))) throw new Error("two loadings differ");
    if (!loaded.ok) expectSentences(loaded.problems);
    else compiled(loaded.value);
  },
};

function compiled(pack: Pack): void {
  for (const layers of [
    { host: pack, workspace: null },
    { host: library.get("cavra-strict") ?? pack, workspace: pack },
  ]) {
    const result = compilePolicy({ ...layers, library, catalogue: {} });
    if (!result.ok) {
      expectSentences(result.problems);
      continue;
    }
    if (!compiledText(result.value).ok) throw new Error("what was compiled cannot be printed");
    const { catalogue: _, ...book } = result.value;
    const [open, packed] = [openPolicy(book), openPolicy(openPackedRules(Buffer.from(packRulebook(book))))];
    for (const effects of EFFECTS) {
      const verdict = JSON.stringify(judge({ effects }, SUBJECT, open));
      if (verdict !== JSON.stringify(judge({ effects }, SUBJECT, packed))) throw new Error("the packed policy judges otherwise");
    }
  }
}

function expectSentences(problems: readonly { readonly code: string; readonly message: string }[]): void {
  if (problems.length === 0) throw new Error("refused without a problem");
  for (const { code, message } of problems)
    if (!/^[a-z_]+$/.test(code) || message.length < 5) throw new Error(`a problem says nothing: ${code}`);
}
