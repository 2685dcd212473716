// The door of the authority: decide, and what it takes to be able to.

export { compileSources, loadLibrary } from "./compile.js";
export { type Assessment, type Authority, assess, decide } from "./decide.js";
export { branchAndOrigin, readGitFacts, repositoryRoot } from "./git-facts.js";
export { type OpenOptions, openAuthority, recordRefusal } from "./open.js";
export {
  type Compile,
  chosenPolicy,
  findSources,
  HOST_POLICY,
  type PolicyChoice,
  type PolicySource,
  type PolicySources,
  policyInForce,
  readPolicyFile,
  WORKSPACE_POLICY,
  wholePolicy,
} from "./policy-in-force.js";
export { DEFAULT_PACK, packedCatalogue, shippedCatalogue, shippedPolicy, shippedSources, VERSION } from "./shipped.js";
export { type Caller, whoIsActing } from "./who.js";
export { workspaceAround } from "./workspace.js";
export { startingFacts, WORLD_LIMITS } from "./world.js";
