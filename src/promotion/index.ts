// The door of promotion/: documents, gate, lease, hold and the way back. Pure; files, clocks and keys come in.

export * from "./documents/index.js";
export * from "./gate/index.js";
export * from "./lease/index.js";
export * from "./plan/index.js";
