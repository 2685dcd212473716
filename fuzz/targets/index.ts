// Everything that is fuzzed, by name.

import type { Target } from "../engine.js";
import { bundle } from "./bundle.js";
import { catalogue } from "./catalogue.js";
import { globs } from "./globs.js";
import { json } from "./json.js";
import { layers } from "./layers.js";
import { policy } from "./policy.js";
import { rewritings } from "./rewritings.js";
import { scripts } from "./scripts.js";
import { shell } from "./shell.js";
import { words } from "./words.js";

export const TARGETS: readonly Target[] = [shell, words, scripts, catalogue, policy, bundle, globs, json, layers, rewritings];
