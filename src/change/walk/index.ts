// The door of the walk: from a script, or the words of one command, to effects. Implements spec/change.md section 7.

import type { Span } from "../../base/span.js";
import type { Catalogue } from "../catalogue/model.js";
import type { Deed } from "../deeds.js";
import type { Facts } from "../model.js";
import type { Script } from "../shell/syntax.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { newBudget } from "../words/index.js";
import { walkBareDeed, walkCode, walkDeed } from "./deeds.js";
import { type Frame, inputOf, type Sink, type Steps, type Walk, type WantList } from "./frame.js";
import { runTraps } from "./nesting.js";
import { walkWords } from "./program.js";
import { walkCommand, walkScript } from "./script.js";
import { walkScriptFile } from "./script-file.js";
import { newShell } from "./shell.js";
import { type EffectBody, emit, newSink } from "./sink.js";

const STEPS: Steps = {
  script: walkScript,
  command: walkCommand,
  words: walkWords,
  deed: walkDeed,
  code: walkCode,
  scriptFile: walkScriptFile,
};

/** A walk that has not begun: an empty shell in the action's folder. */
export function newFrame(cwd: string, workspaceRoot: string, facts: Facts, catalogue: Catalogue): Frame {
  const inherited: Record<string, Value> = Object.create(null);
  for (const [name, value] of Object.entries(facts.environment)) inherited[name] = text(value);
  const wants: WantList = { paths: new Set(), folders: new Set(), scripts: new Set(), git: false };
  const walk: Walk = {
    facts: new NoticedFacts(facts, wants),
    hasLinks: Object.keys(facts.links).length > 0,
    factsElsewhere: {
      home: facts.home,
      temp_roots: [],
      environment: {},
      links: {},
      listings: {},
      scripts: {},
      git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
    },
    workspaceRoot,
    catalogue,
    budget: newBudget(),
    sink: newSink(),
    wants,
    steps: STEPS,
    inherited,
    nextDescriptor: 63,
  };
  return {
    walk,
    shell: { now: newShell(cwd.startsWith("/") ? text(cwd) : UNKNOWN_WORD) },
    via: [],
    place: "here",
    carrier: null,
    input: inputOf({ kind: "inherited" }),
    fromDisk: false,
    codeDepth: 0,
    callDepth: 0,
    locals: null,
    exits: { loop: null, function: null },
  };
}

/** The facts, taking note when those of git are asked for. A class, because an object with a getter of its own costs ten times as much to make. */
class NoticedFacts implements Facts {
  readonly home: Facts["home"];
  readonly temp_roots: Facts["temp_roots"];
  readonly environment: Facts["environment"];
  readonly links: Facts["links"];
  readonly listings: Facts["listings"];
  readonly scripts: Facts["scripts"];
  readonly #facts: Facts;
  readonly #wants: WantList;

  constructor(facts: Facts, wants: WantList) {
    this.home = facts.home;
    this.temp_roots = facts.temp_roots;
    this.environment = facts.environment;
    this.links = facts.links;
    this.listings = facts.listings;
    this.scripts = facts.scripts;
    this.#facts = facts;
    this.#wants = wants;
  }

  get git(): Facts["git"] {
    this.#wants.git = true;
    return this.#facts.git;
  }
}

/** Walks a whole command line, and what its traps leave for the end. */
export function walkLine(script: Script, frame: Frame): void {
  walkScript(script, frame);
  runTraps(frame);
}

/** Walks one command given by its words. */
export function walkCommandWords(words: readonly Argument[], span: Span, frame: Frame): void {
  walkWords(words, span, frame, { environment: [], functions: false, builtins: false });
}

/** Turns one deed that no program told (of a tool, say) into effects. */
export function walkToolDeed(deed: Deed, via: readonly string[], frame: Frame): void {
  const last = via.at(-1);
  if (last === undefined) walkBareDeed(deed, frame);
  else walkDeed(deed, last, { ...frame, via: via.slice(0, -1) });
}

export { type EffectBody, emit, type Frame, type Sink, type WantList };
