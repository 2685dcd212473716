// The readers of programs that most command lines do without. In the hook they are a bundle of their own, loaded when one is met (scripts/build.mjs).

export { readFd } from "./fd.js";
export { readFind } from "./find.js";
export { readParallel } from "./parallel.js";
export { readPatch } from "./patch.js";
export { readTar } from "./tar.js";
export { readTerminal } from "./terminal-keys.js";
export { readXargs } from "./xargs.js";
