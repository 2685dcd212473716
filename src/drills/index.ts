// The door of drills/: what breaks the second engine on purpose and writes down what it saw.

export { type ExperimentGiven, newExperiment, OBJECTIVES } from "./experiment.js";
export { type DrillGiven, runDrill } from "./run-drill.js";
export type { Campaigns } from "./stage.js";
