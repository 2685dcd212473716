// One call of a program of the catalogue: names, options in every form that the grammar has, values by their roles, operands.

import type { Dice } from "./dice.js";
import type { Entry, Material, OptionEntry } from "./material.js";
import { quoted, value, wordFor } from "./words.js";

export interface Call {
  readonly text: string;
  readonly entry: string;
}

/** Options and operands of a call. What one says shows best alone, and what two do to each other hardly needs a third. */
const SMALL: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 0],
  [1, 1],
  [1, 1],
];
const MOST_OPTIONS = 3;
const MOST_OPERANDS = 3;

export function programCall(dice: Dice, material: Material, entries: readonly Entry[] = material.entries): Call {
  const entry = dice.pick(entries);
  const [options, operands] = dice.small ? dice.pick(SMALL) : [dice.below(MOST_OPTIONS + 1), dice.below(MOST_OPERANDS + 1)];
  const words: string[] = [programName(dice, entry.words[0] ?? "", material), ...entry.words.slice(1)];
  for (let left = entry.options.length > 0 ? options : 0; left > 0; left--) {
    const at = dice.once(6) ? 1 + dice.below(words.length) : words.length;
    words.splice(at, 0, ...option(dice, optionOf(dice, entry), material));
  }
  for (let n = 0; n < operands; n++) {
    if (dice.once(15)) words.push("--");
    words.push(wordFor(dice, entry.roles[n] ?? entry.roles.at(-1) ?? "data", material));
  }
  return { text: words.join(dice.once(20) ? "  " : " "), entry: entry.name };
}

// Options that say what is done come first in the catalogue; the thousand flags behind them matter less, and are drawn less.
function optionOf(dice: Dice, { options }: Entry): OptionEntry {
  return options[dice.below(dice.once(2) ? Math.min(8, options.length) : options.length)] ?? NO_OPTION;
}

const NO_OPTION: OptionEntry = { names: ["-x"], arity: 0, attached: false, roles: [] };

function programName(dice: Dice, name: string, { aliases }: Material): string {
  switch (dice.below(24)) {
    case 0:
      return `/usr/bin/${name}`;
    case 1:
      return name.toUpperCase();
    case 2:
      return `${name}.exe`;
    case 3:
      return `\\${name}`;
    case 4:
      return dice.pick(aliases);
    case 5:
      return `./${name}`;
    case 6:
      return quoted(dice, name);
    case 7:
      return `${name}${dice.pick(["3", "3.11", "-5", "x"])}`;
    default:
      return name;
  }
}

function option(dice: Dice, { names, arity, attached, roles }: OptionEntry, material: Material): readonly string[] {
  const name = dice.pick(names);
  const values = Array.from({ length: arity }, (_, at) => wordFor(dice, roles[at] ?? "data", material));
  const isLong = name.startsWith("--");
  switch (dice.below(9)) {
    case 0:
      // A beginning of a long name.
      return [isLong ? name.slice(0, 3 + dice.below(name.length)) : name + name.slice(1), ...values];
    case 1:
      return [isLong ? `--no-${name.slice(2)}` : `${name}${dice.pick(["x", "r", "f", "0", "v"])}`, ...values];
    case 2:
      return [`${name}=${value(dice, material)}`];
    case 3:
      return [name + value(dice, material)];
    case 4:
      return values.length > 0 && isLong ? [`${name}=${values[0]}`] : values.length > 0 ? [name + values[0]] : [name];
    case 5:
      return dice.once(3) ? [name] : [name, ...values];
    default:
      return attached && dice.once(2) ? [isLong ? `${name}=${value(dice, material)}` : name + value(dice, material)] : [name, ...values];
  }
}
