// The ground floor: what every other folder may use, and what uses nothing.

export { trimAscii, trimEndAscii, trimStartAscii, upperAscii, wholeNumber } from "./ascii.js";
export { formatBase64, parseBase64 } from "./base64.js";
export {
  CANONICAL_DEPTH,
  canonicalJson,
  canonicalRecord,
  escapePointer,
  hasLoneSurrogate,
  type JsonObject,
  type JsonValue,
} from "./canonical-json.js";
export { hmacSha256, isDigest, sha256 } from "./digest.js";
export {
  PUBLIC_KEY_BYTES,
  privateKeyOfSeed,
  SEED_BYTES,
  SIGNATURE_BYTES,
  type Signer,
  signerOf,
  verifyEd25519,
} from "./ed25519.js";
export {
  type Alternative,
  type Anchor,
  type Bases,
  basesOf,
  type Component,
  foldAscii,
  type Glob,
  literalComponents,
  makeWorld,
  matchGlob,
  matchTextGlob,
  type PathNames,
  pathNames,
  type Token,
  type World,
} from "./glob.js";
export { ANY_TEXT, type Domain, isApart, isCovered, type Language, MAX_LANGUAGE_STEPS, textLanguages } from "./glob-languages.js";
export { componentsMeet, includes, intersects, isName, MAX_PAIRS, meets } from "./glob-sets.js";
export {
  compileGlob,
  compileTextGlob,
  MAX_GLOB_ALTERNATIVES,
  MAX_GLOB_BYTES,
  MAX_GLOB_COMPONENTS,
  patternComponents,
} from "./glob-syntax.js";
export { ID_RANDOM_BYTES, makeId, parseId } from "./id.js";
export { compareBytes, sortedByBytes } from "./order.js";
export { JSON_LIMITS, type JsonLimits, parseJson } from "./parse-json.js";
export { readCanonical } from "./read-canonical.js";
export { bad, CavraError, ok, type Problem, type Result } from "./result.js";
export { type Shape, shapeFault } from "./shape.js";
export type { Span } from "./span.js";
export { formatDay, formatTime, LAST_MOMENT_MS, parseTime } from "./time.js";
export { isStricter, SEVERITIES, type Severity, stops, strictest, VERDICTS, type Verdict } from "./verdict.js";
