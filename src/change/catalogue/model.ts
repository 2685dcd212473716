// What CAVRA knows about programs, as data. Implements spec/catalogue.md sections 1 to 6. Twin of go/change/model/catalogue.go.
// The YAML in spec/catalogue/ is compiled to this; the interpreter beside it is small and knows no program by name but the listed `special` ones.
// A field that is left out has its default: false, 0, "", [] or {}, or what its comment says. The compiler never writes a default,
// because the whole catalogue travels inside every compiled policy and is read at every start of the hook.

/** All programs by their canonical names, and all environment variables that make programs run code, as whoever reads a command line asks for them. */
export interface Catalogue {
  readonly schema_version: "cavra.catalogue.v1";
  readonly programs: Table<Program>;
  /** Other name → canonical name. */
  readonly aliases: Table<string>;
  /** Program → another one, whose description is its own too. It keeps its own name; big descriptions are written once. */
  readonly same: Table<string>;
  readonly environment: Readonly<Record<string, EnvironmentVariable>>;
  readonly mcp: readonly McpTool[];
}

/** Written out, or found one by one when asked for, so that the hook reads the few programs of one line and not hundreds. Ask with `entryOf`. */
export type Table<T> = Readonly<Record<string, T>> | ((name: string) => T | undefined);

/** The catalogue written out, as it is compiled and as it travels in a compiled policy. Sorted by name. */
export interface WholeCatalogue extends Catalogue {
  readonly programs: Readonly<Record<string, Program>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly same: Readonly<Record<string, string>>;
}

export interface Program {
  /** True when the catalogue says all that the program can do with the words it is given. */
  readonly harmless?: boolean;
  /** `python3.11`, `php8.2`: the name may be followed by a version. */
  readonly versioned?: boolean;
  readonly grammar?: Grammar;
  /** Options of which more is to say than their names. `optionsOf` gives all of them. */
  readonly options?: readonly Option[];
  /** Options without value: names joined by commas, options parted by blanks. Packed so, the catalogue is half as long. */
  readonly flags?: string;
  /** Options with one value that is data, in the same form. */
  readonly values?: string;
  readonly operands?: readonly Slot[];
  /** Sub-commands by canonical name. They know the options of the programs above them too. */
  readonly subcommands?: Readonly<Record<string, Program>>;
  /** Other name of a sub-command → its canonical name. */
  readonly subcommand_aliases?: Readonly<Record<string, string>>;
  /** Sub-command → another one, whose description is its own too. It keeps its own name. */
  readonly subcommand_same?: Readonly<Record<string, string>>;
  readonly effects?: readonly EffectTemplate[];
  /** What the program does with its standard input; the first whose conditions hold. None: nothing. */
  readonly stdin?: readonly StdinUse[];
  /** Name of a built-in model of what the program prints (`echo`, `printf`, `cat`, `base64`, `paths`, …); "" for unknown. */
  readonly output?: string;
  /** Where what it writes comes from, where its deeds do not say it. */
  readonly content?: Content;
  /** Name of a reader in code for a grammar that options and operands cannot say (`find`, `git`, `xargs`, …); "" for none. */
  readonly special?: string;
}

/**
 * `kept`: files are written, and hold what they held (`chmod`). `copied`: what is read is what is written (`cp`). `input`: what stands at standard
 * input (`tee`). `made`: of files that are there, even where the network is asked (`git`).
 * `fetched`: from elsewhere, and nobody here has seen it (`git clone`).
 */
export type Content = "kept" | "copied" | "input" | "made" | "fetched";

/** How a command line is cut into options and operands. */
export interface Grammar {
  /** GNU programs find options anywhere (the default); wrappers stop at the first operand; ssh at the second. */
  readonly options_end?: "first_operand" | "second_operand";
  /** Default: `--name` and clusters of letters. `single`: `-name` (find, terraform, go); `both`: `--name` and `-name`; no clusters in either. */
  readonly long?: "single" | "both";
  /** Any unique beginning of a long option stands for it. */
  readonly abbreviate?: boolean;
  /** `--no-name` undoes `--name`. */
  readonly negate?: boolean;
  /** Operands are `key=value` (dd); the options are the keys. */
  readonly key_value?: boolean;
  /** The first word may be a cluster of option letters without a dash (tar, ps, ar). */
  readonly leading_cluster?: boolean;
  /** Words beginning with `+` are options too (set, bash). */
  readonly plus?: boolean;
  /** `-5` is an option, meaning `number` (head, git log). */
  readonly number?: boolean;
  /** Of a sub-command: its own name is its first operand too (`yarn prisma migrate reset` runs prisma). */
  readonly keep_name?: boolean;
  /** An option that the catalogue does not list is by default a flag that makes the command not harmless. `flag`: a harmless one; `value`: it takes the next word. */
  readonly unlisted?: "flag" | "value";
}

export interface Option {
  /** All names, dashes included, canonical (longest) first. */
  readonly names: readonly string[];
  /** How many following words it takes: 0, 1, … */
  readonly arity?: number;
  /** The value may only be attached (`--color=always`, `-i.bak`). */
  readonly optional?: boolean;
  /** The optional value is digits only, and other letters go on (`perl -lne`, `-0777`). */
  readonly digits?: boolean;
  /** What each value is; one role per value. Left out: `data`. */
  readonly roles?: readonly Role[];
  /** Meaning that rules, slots and effects see. Left out: the canonical name without leading dashes, `-` inside it as `_`. */
  readonly means?: string;
  /** Meanings that it undoes. */
  readonly clears?: readonly string[];
  /** When the file that a value names is meant with all below it. */
  readonly tree?: Tree;
  /** No option is looked for after this one and its values (`python -c`). */
  readonly last?: boolean;
  /** The value is `key=value` or `key value`: role by key in lower case; other keys are data. Empty: the value is one thing. */
  readonly keys?: Readonly<Record<string, Role>>;
  /**
   * The value makes the program run code that is not its own, which is told beside what that code does. The names are those of programs that are
   * ordinary there (`ssh` for `rsync -e`); of which `none` is one that does not exist.
   */
  readonly inject?: readonly string[];
  /** Plain values that are no code although the role says so (`+G` of less), each with one star at most. */
  readonly ordinary?: readonly string[];
  /** Conditions without which the values are data. */
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
}

export interface Slot {
  readonly role: Role;
  /**
   * Default: all that are left. `one` takes the next operand if there is one, `all_but_last` leaves one for the next slot, `assignments` takes
   * leading NAME=VALUE words. `every` and `last` look at the operands that are left and take none.
   */
  readonly take?: "one" | "all_but_last" | "assignments" | "every" | "last";
  /** All of these conditions must hold, none of those. */
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
  readonly tree?: Tree;
  /** For code, scripts and commands: where they run. Left out: `child`. */
  readonly place?: "same" | "elsewhere";
}

export interface StdinUse {
  readonly role: Role;
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
  readonly place?: "same" | "elsewhere";
}

/** "" never, "always", "contents" (what is below, not itself), or the condition that makes it so (`recursive`). */
export type Tree = string;

/** What a word is to its program; spec/catalogue.md section 3 lists them. `code:shell`, `script:python` carry the language. */
export type Role = string;

/** An effect that comes from running the program at all, or with these options. spec/catalogue.md section 5 says what `$…` in `target` and `operation` stand for. */
export interface EffectTemplate {
  readonly kind: "read" | "write" | "delete" | "network" | "operate" | "opaque";
  readonly system?: string;
  /** For `opaque`: the reason code. */
  readonly operation?: string;
  readonly target?: string;
  /** Left out: `receive`. */
  readonly direction?: "send";
  /** Left out: `none`. */
  readonly data?: "literal" | "derived" | "unknown";
  readonly tree?: Tree;
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
}

/** A variable whose value is code, a program or a file of code for the programs that read it (empty list: for every program). */
export interface EnvironmentVariable {
  readonly role: Role;
  readonly used_by?: readonly string[];
  /** As for options. */
  readonly inject?: readonly string[];
  readonly when?: readonly string[];
  readonly unless?: readonly string[];
}

/** What a tool of an MCP server does with its arguments. `server` and `tool` are globs over names, of which one must match. */
export interface McpTool {
  readonly server: readonly string[];
  readonly tool: readonly string[];
  readonly capability: "read" | "write" | "execute" | "network";
  readonly arguments: Readonly<Record<string, Role>>;
}
