// The door of the authority: decide, and what it takes to be able to.

export {
  type ApprovalPlaces,
  approvalSubject,
  askForApproval,
  type JudgedStep,
  recordApprovalEvent,
  requestApproval,
  routesOf,
} from "./approvals.js";
export { compileSources, loadLibrary } from "./compile.js";
export { type Assessment, type Authority, assess, decide } from "./decide.js";
export { type Beside, type Compared, decideBeside } from "./decide-beside.js";
export { decidePromoted, type Promoting, type Right } from "./decide-promoted.js";
export {
  type ComparedEngines,
  FIRST_CASES,
  FIRST_FOLDER,
  FIRST_MS,
  FIRST_SCHEMA,
  type FirstCampaign,
  firstCampaignFile,
  heldBack,
  keepFirstCampaign,
  MOST_FIRST,
  readFirstCampaign,
} from "./first-campaign.js";
export { branchAndOrigin, readGitFacts, repositoryRoot } from "./git-facts.js";
export { newHostChange, recordHostChange } from "./host-change.js";
export {
  changeHostSettings,
  type HostException,
  type HostSettings,
  MAX_HOST_EXCEPTIONS,
  NO_SETTINGS,
  readHostSettings,
  settingsFile,
  settingsText,
} from "./host-settings.js";
export { authorityOver, type OpenOptions, openAuthority, recordRefusal } from "./open.js";
export { globsOf, openFolders } from "./own-folders.js";
export {
  endPause,
  MAX_PAUSE_MS,
  MIN_PAUSE_MS,
  momentNow,
  newPause,
  type Pause,
  pauseInForce,
  writePause,
} from "./pause.js";
export {
  type Compile,
  chosenPolicy,
  findSources,
  HOST_POLICY,
  HOST_SETTINGS,
  hostPolicy,
  type PolicyChoice,
  type PolicySource,
  type PolicySources,
  policyInForce,
  readPolicyFile,
  WORKSPACE_POLICY,
  wholePolicy,
} from "./policy-in-force.js";
export { type GivenPromotionEvent, recordPromotionEvent, wholeEvent } from "./promotion-event.js";
export { chosenRegistry, HOST_REGISTRY, readRegistryFile, registryFile, registryInForce } from "./registry-in-force.js";
export { isWhole, OUTCOMES, type Outcome, outcomeOf, type Replayer, replayer } from "./replay.js";
export { runtimePolicyFile } from "./runtime-policy.js";
export { addCounts, COUNTERS_SCHEMA, type Counted, MOST_ENGINES, NO_COUNTS, readCounters, type ShadowCounters } from "./shadow-counters.js";
export { DAY_BYTES, openShadowLog, SHADOW_FOLDER, SHADOW_LINE_BYTES, type ShadowLog } from "./shadow-log.js";
export { DEFAULT_PACK, packedCatalogue, shippedCatalogue, shippedPolicy, shippedSources, VERSION } from "./shipped.js";
export { checkSigned, POLICY_SIGNATURE, type PolicySigning, policySigning } from "./signed-policy.js";
export { currentPolicy, judgeAgain, policyWith, rememberedBranches, subjectOf } from "./trial.js";
export { MOST_WARM, RACY_MS, type WarmPolicies, warmPolicies } from "./warm.js";
export { type Caller, whoIsActing } from "./who.js";
export { workspaceAround } from "./workspace.js";
export { startingFacts, WORLD_LIMITS } from "./world.js";
