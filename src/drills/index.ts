// The door of drills/: what runs a drill, and where its history is kept.

export { type DrillGiven, runDrill } from "./run-drill.js";
export type { Campaigns } from "./stage.js";
