// The door of cases/: what a campaign asks.

export { type Case, casesOf } from "./case.js";
export { type Dice, diceFor, parseSeed, type Seed } from "./dice.js";
export { HOSTILE_KINDS } from "./hostile.js";
export { type Entry, type Material, materialOf } from "./material.js";
export { CONSTRUCTS } from "./shell-lines.js";
export { wellFormed } from "./texts.js";
