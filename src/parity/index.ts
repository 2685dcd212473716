// The door of parity/: campaigns that compare two engines.

export type { SecondEngine } from "./asker.js";
export { casesOf, type Material, materialOf, parseSeed, type Seed } from "./cases/index.js";
export { type Engine, openEngine } from "./engine.js";
export { type Chunk, type ChunkResult, type Lane, type Mismatch, openLane, type Source } from "./lane.js";
export { type Count, merge, newTally, type Strata, type Tally } from "./tally.js";
