// The door of policy/: packs in, compiled policy, judgement and explanation out. Pure; what a command would do is told to it, never found out here.

export {
  type ChangeKind,
  comparePolicies,
  type Difference,
  type Direction,
  type PolicyChange,
  type PolicyDiff,
} from "./comparing/index.js";
export { type CompileInput, compiledText, compilePolicy, readCompiled } from "./compile.js";
export { coverageOf, type RuleCoverage } from "./coverage.js";
export { isKnownBesideRules } from "./exception-target.js";
export { describeEffect, type ExplainedEffect, type Explanation, explain } from "./explain.js";
export { judge } from "./judge.js";
export { type Library, lineage } from "./lineage.js";
export { type Loaded, loadPack, MAX_RULES, PACK_SCHEMA } from "./load.js";
export {
  MAX_SERVERS,
  MAX_TOOLS,
  type McpRegistry,
  type OpenRegistry,
  openRegistry,
  parseRegistry,
  REGISTRY_LIMITS,
  REGISTRY_SCHEMA,
  type RegistryServer,
  type RegistryState,
  type RegistryTool,
  unreadableRegistry,
} from "./mcp-registry.js";
export { BUILT_IN } from "./merge.js";
export {
  type ApprovalRoute,
  type Clause,
  COMPILED_SCHEMA,
  type CompiledPolicy,
  type Defaults,
  EFFECT_KINDS,
  type Exception,
  type ExceptionUse,
  type Instead,
  type Judgement,
  type Layer,
  type Mode,
  type Rule,
  type Rulebook,
  type RuleUse,
  type Ruling,
  type ServerTrust,
  type Source,
  type Subject,
  type Tier,
} from "./model.js";
export { clauseFor, type Proposal, proposeExceptions } from "./narrow.js";
export { openPolicy, type Policy } from "./open-policy.js";
export type { Pack, PackRule, PackTest } from "./pack.js";
export { openPackedRules, packRulebook } from "./packed-rules.js";
export { inOrder, MAX_PROBLEMS } from "./problems.js";
export { TEST_WORLD } from "./read-test.js";
export { areAllCompared, MAX_RULE_PAIRS, type RuleStanding, standings } from "./reasoning/index.js";
export { type Derive, type TestReport, type TestResult, testPolicy } from "./test-policy.js";
export { warningsOf } from "./warnings.js";
export { MAX_PACK_BYTES } from "./yaml-tree.js";
