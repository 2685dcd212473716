// The work counters that bound every derivation. Implements spec/change.md section 10. Twin of go/change/model/budget.go.
// INVARIANT: nothing here reads a clock. The temptation is a timer; two engines would then disagree on a busy machine.

/** Every limit of words and walk, with its unit in its name. */
export const LIMITS = {
  /** Units of work: spec/change.md section 10 says what costs how many. */
  workUnits: 200_000,
  /** Units that running a program, function or builtin costs. */
  programUnits: 8,
  /** Words of one command. */
  commandWords: 8_192,
  /** UTF-8 bytes of text that evaluation may produce in all. */
  producedBytes: 4_194_304,
  /** UTF-8 bytes of one value; a longer one is unknown. */
  valueBytes: 262_144,
  /** Words that braces may make of one word. */
  braceWords: 1_024,
  /** Bytes of text times bytes of pattern in one `${x#p}`, `case` or glob match. */
  matchCells: 4_000_000,
  /** Names that one glob may be compared with. */
  globNames: 16_384,
  /** Values of one loop for which the body is walked one by one. */
  unrolledValues: 64,
  /** Code inside code. */
  codeDepth: 10,
  /** Programs that carry one another: `sudo env nice …`. */
  carriers: 24,
  /** Functions inside functions. */
  callDepth: 10,
  /** Effects of one action. */
  effects: 2_000,
  /** Possible contents of one file, and possible bodies of one function, that are kept apart. */
  alternatives: 4,
  /** Folders of PATH that are looked through. */
  pathFolders: 64,
  /** Links followed while one path is resolved. */
  linkSteps: 40,
  /** Paths, folders or scripts that the caller is asked to look up. */
  wants: 1_024,
} as const;

export interface Budget {
  workUnits: number;
  producedBytes: number;
}

export function newBudget(): Budget {
  return { workUnits: LIMITS.workUnits, producedBytes: LIMITS.producedBytes };
}

/** Takes `units` from the budget; false once it is spent. */
export function spend(budget: Budget, units: number): boolean {
  budget.workUnits -= units;
  return budget.workUnits >= 0 && budget.producedBytes >= 0;
}

/** Takes the bytes of a produced text; false when the text is too long to be kept or the budget is spent. */
export function spendText(budget: Budget, text: string): boolean {
  const bytes = utf8Length(text);
  budget.producedBytes -= bytes;
  return bytes <= LIMITS.valueBytes && budget.producedBytes >= 0;
}

export function isSpent(budget: Budget): boolean {
  return budget.workUnits < 0 || budget.producedBytes < 0;
}

/** Length in UTF-8 bytes; a lone surrogate counts three, as its replacement character does. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
