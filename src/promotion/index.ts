// The door of promotion/: documents, gate, lease, hold, the release package, the way back, the drill schedule and notices. Pure; files, clocks and keys come in.

export * from "./audit/index.js";
export * from "./documents/index.js";
export * from "./drills/index.js";
export * from "./gate/index.js";
export * from "./lease/index.js";
export * from "./notices/index.js";
export * from "./package/index.js";
export * from "./plan/index.js";
export * from "./schedule/index.js";
