// The catalogue that ships, compiled from spec/catalogue/ by scripts/generate.mjs. Implements spec/catalogue.md section 1. No twin: Go reads it from the compiled policy.
// For the composition root alone: nothing in change/ may import it, because the catalogue in force is the one inside the compiled policy.

import data from "../../generated/catalogue.json" with { type: "json" };
import type { WholeCatalogue } from "./model.js";

export const BUILTIN_CATALOGUE: WholeCatalogue = data as unknown as WholeCatalogue;
