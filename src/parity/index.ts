// The door of parity/: campaigns that compare two engines.

export { type Asker, type SecondEngine, startAsker } from "./asker.js";
export { CHUNK, type Plan, type Progress, runCampaign } from "./campaign.js";
export { CONSTRUCTS, casesOf, type Material, materialOf, parseSeed, type Seed } from "./cases/index.js";
export { type Engine, judgedBy, openEngine } from "./engine.js";
export { corpusLines, fixedCases, type Given, givenIn, linesToChange, NOTHING_GIVEN, trafficIn } from "./given.js";
export { type Chunk, type ChunkResult, type Lane, type Mismatch, openLane, type Source } from "./lane.js";
export { type Planted, plant } from "./planted.js";
export { serveFirstEngine } from "./serve.js";
export { openShrinker, type Shrinker } from "./shrink.js";
export { type Count, merge, newTally, type Strata, strataRows, type Tally, VERDICT_PAIRS } from "./tally.js";
export { engineOf, type LaneInput, openLaneHere, openThread, serveLane, sourceOf } from "./thread.js";
