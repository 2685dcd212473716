// Runs a syntax tree on paper: which programs would be called, with which arguments and which standard input. A test's view of what bash does,
// for the small part of the shell that needs nothing but the text. Whatever it cannot tell, it says by throwing `CannotTell`.

import type { Command, ParameterPart, Pipeline, Redirect, Script, Word, WordPart } from "../../src/change/shell/index.js";

export class CannotTell extends Error {}

/** One call: the arguments, the variables A and B, and the standard input. */
export type Call = string;

const MAX_STEPS = 2_000;

interface State {
  readonly variables: Map<string, string>;
  readonly calls: Call[];
  readonly steps: { left: number };
  /** Status of the last command substitution, for assignments. */
  status: number;
}

/** The calls that running the script makes, in some order. */
export function runStatically(script: Script): readonly Call[] {
  const state: State = { variables: new Map(), calls: [], steps: { left: MAX_STEPS }, status: 0 };
  runScript(script, state);
  return state.calls;
}

function child(state: State): State {
  return { ...state, variables: new Map(state.variables) };
}

function runScript(script: Script, state: State): number {
  let status = 0;
  for (const item of script.items) {
    if (--state.steps.left < 0) throw new CannotTell("too long");
    const target = item.background ? child(state) : state;
    status = runPipeline(item.first, target);
    for (const { operator, pipeline } of item.rest) if ((operator === "&&") === (status === 0)) status = runPipeline(pipeline, target);
    if (item.background) status = 0;
  }
  return status;
}

function runPipeline(pipeline: Pipeline, state: State): number {
  let status = 0;
  const many = pipeline.commands.length > 1;
  for (const command of pipeline.commands) status = runCommand(command, many ? child(state) : state);
  return pipeline.negated ? Number(status === 0) : status;
}

function runCommand(command: Command, state: State): number {
  switch (command.kind) {
    case "simple":
      return runSimple(command, state);
    case "group":
      checkRedirects(command.redirects);
      return runScript(command.body, state);
    case "subshell":
      checkRedirects(command.redirects);
      return runScript(command.body, child(state));
    case "if": {
      checkRedirects(command.redirects);
      for (const { condition, body } of command.clauses) if (runScript(condition, state) === 0) return runScript(body, state);
      return command.otherwise === null ? 0 : runScript(command.otherwise, state);
    }
    case "while":
    case "until": {
      checkRedirects(command.redirects);
      let status = 0;
      while ((runScript(command.condition, state) === 0) === (command.kind === "while")) status = runScript(command.body, state);
      return status;
    }
    case "for": {
      checkRedirects(command.redirects);
      let status = 0;
      for (const value of (command.values ?? []).flatMap((word) => fields(word, state))) {
        if (--state.steps.left < 0) throw new CannotTell("too long");
        state.variables.set(command.variable, value);
        status = runScript(command.body, state);
      }
      return status;
    }
    case "case": {
      checkRedirects(command.redirects);
      const subject = text(command.subject, state);
      for (const { patterns, body, ends } of command.branches) {
        if (ends !== ";;") throw new CannotTell("falls through");
        for (const pattern of patterns) if (matches(subject, pattern, state)) return runScript(body, state);
      }
      return 0;
    }
    case "function":
      if (!/^g\d$/.test(command.name)) throw new CannotTell("a function that may be called");
      return 0;
    case "test":
      checkRedirects(command.redirects);
      return runTest(command.words, state);
    case "arithmetic":
      checkRedirects(command.redirects);
      return Number(arithmetic(command.expression.parts) === 0);
    default:
      throw new CannotTell(command.kind);
  }
}

/** Redirects that change nothing that can be seen here. */
function checkRedirects(redirects: readonly Redirect[]): void {
  for (const redirect of redirects) if (redirect.operator.startsWith("<<") || !isHarmless(redirect)) throw new CannotTell("redirect");
}

function isHarmless({ operator, fd, variable, target }: Redirect): boolean {
  if (variable !== null) return false;
  const part = target.parts[0];
  const name = target.parts.length === 1 && part?.kind === "literal" ? part.text : "";
  if (operator === ">&") return name === "1" || name === "2";
  if (operator === "<&") return name === "0" && fd === 3;
  return operator === "<" && name === "/dev/null" && fd === null;
}

function runSimple(command: Extract<Command, { kind: "simple" }>, state: State): number {
  const argv = command.words.flatMap((word) => fields(word, state));
  const program = argv[0];
  if (
    command.words.length > 0 &&
    (program === undefined ||
      !/^[pf]\d?[^/]*$/.test(program) ||
      program === "printf" ||
      program === "fc" ||
      program === "fg" ||
      program === "pushd" ||
      program === "popd" ||
      program === "pwd" ||
      program === "false")
  ) {
    throw new CannotTell(`program ${program}`);
  }
  let input = "";
  for (const redirect of command.redirects) input = readInput(redirect, state, input);
  state.status = 0;
  const target = program === undefined ? state : child(state);
  for (const assignment of command.assignments) {
    if (assignment.subscript !== null || !/^(A|B|_c)$/.test(assignment.name)) throw new CannotTell("assignment");
    if (assignment.elements !== null && program !== undefined) throw new CannotTell("array before a command");
    const elements = assignment.elements?.flatMap((word) => fields(word, target));
    const value = elements === undefined ? (assignment.value === null ? "" : text(assignment.value, target)) : (elements[0] ?? "");
    if (elements !== undefined && assignment.append) throw new CannotTell("append to an array");
    target.variables.set(assignment.name, (assignment.append ? (target.variables.get(assignment.name) ?? "") : "") + value);
  }
  if (program === undefined) return state.status;
  state.calls.push(record(argv, target, input));
  return program.startsWith("p") ? 0 : 1;
}

export function record(argv: readonly string[], state: { variables: ReadonlyMap<string, string> }, input: string): Call {
  return [...argv, `A=${state.variables.get("A") ?? ""}`, `B=${state.variables.get("B") ?? ""}`, input].join("\x1f");
}

function readInput(redirect: Redirect, state: State, before: string): string {
  if (redirect.operator === "<<" || redirect.operator === "<<-") {
    if (redirect.fd !== null) throw new CannotTell("descriptor");
    return text(redirect.target, state);
  }
  if (redirect.operator === "<<<") {
    if (redirect.fd !== null) throw new CannotTell("descriptor");
    return `${text(redirect.target, state)}\n`;
  }
  if (!isHarmless(redirect)) throw new CannotTell("redirect");
  return redirect.operator === "<" ? "" : before;
}

/** Characters, each quoted or open to splitting. */
interface Piece {
  readonly text: string;
  /** `split`: comes from an unquoted expansion. */
  readonly mode: "quoted" | "literal" | "split";
}

function fields(word: Word, state: State): string[] {
  const result: string[] = [];
  let current: string | null = null;
  for (const piece of pieces(word.parts, state, false)) {
    if (piece.mode !== "quoted" && /[*?[\]~{}]/.test(piece.text) && /[*?[~{]/.test(piece.text)) throw new CannotTell("glob");
    if (piece.mode !== "split") {
      if (piece.mode === "quoted" || piece.text !== "") current = (current ?? "") + piece.text;
      continue;
    }
    const runs = piece.text.split(/[ \t\n]+/);
    runs.forEach((run, index) => {
      if (index > 0 && current !== null) {
        result.push(current);
        current = null;
      }
      if (run !== "") current = (current ?? "") + run;
    });
  }
  if (current !== null) result.push(current);
  return result;
}

function text(word: Word, state: State): string {
  return pieces(word.parts, state, false)
    .map((piece) => {
      if (piece.mode !== "quoted" && piece.text.includes("~")) throw new CannotTell("tilde");
      return piece.text;
    })
    .join("");
}

function pieces(parts: readonly WordPart[], state: State, quoted: boolean): Piece[] {
  return parts.flatMap((part) => piecesOf(part, state, quoted));
}

function piecesOf(part: WordPart, state: State, quoted: boolean): Piece[] {
  switch (part.kind) {
    case "literal":
      return [{ text: part.text, mode: quoted ? "quoted" : "literal" }];
    case "quoted":
      return [{ text: part.text, mode: "quoted" }];
    case "double":
      return [{ text: "", mode: "quoted" }, ...pieces(part.parts, state, true)];
    case "arithmetic":
      return [{ text: String(arithmetic(part.parts)), mode: "quoted" }];
    case "command_substitution":
      state.status = runScript(part.body, child(state));
      return [{ text: "", mode: quoted ? "quoted" : "split" }];
    case "parameter":
      return parameter(part, state, quoted);
    default:
      throw new CannotTell(part.kind);
  }
}

function parameter(part: ParameterPart, state: State, quoted: boolean): Piece[] {
  if (part.subscript !== null || !/^[A-Za-z_]\w*$|^[1-9#]$/.test(part.name)) throw new CannotTell("parameter");
  const value = part.name === "#" ? "0" : state.variables.get(part.name);
  if (!["A", "B", "_c", "x", "v", "#"].includes(part.name) && !/^[1-9]$/.test(part.name)) throw new CannotTell("unknown variable");
  const given = (result: string): Piece[] => [{ text: result, mode: quoted ? "quoted" : "split" }];
  const argument = part.arguments[0];
  const fallback = (): Piece[] =>
    argument === undefined
      ? []
      : pieces(argument.parts, state, quoted).map((piece) => (piece.mode === "literal" ? { ...piece, mode: "split" } : piece));
  switch (part.operator) {
    case "":
      return given(value ?? "");
    case "#length":
      return given(String([...(value ?? "")].length));
    case ":-":
      return value ? given(value) : fallback();
    case "-":
      return value !== undefined ? given(value) : fallback();
    case ":+":
      return value ? fallback() : given("");
    case "+":
      return value !== undefined ? fallback() : given("");
    case "#":
    case "%%":
    case "/":
      return given(changed(part, value ?? "", state));
    default:
      throw new CannotTell("operator");
  }
}

/** `${A#a}`, `${A%%b*}` and `${A/a/b}`, for patterns of plain characters. */
function changed(part: ParameterPart, value: string, state: State): string {
  const [pattern, replacement] = part.arguments.map((word) =>
    pieces(word.parts, state, false)
      .map((piece) => piece.text)
      .join(""),
  );
  if (part.operator === "%%" && pattern === "b*") return value.includes("b") ? value.slice(0, value.indexOf("b")) : value;
  if (pattern === undefined || /[*?[\\&]/.test(pattern + (replacement ?? ""))) throw new CannotTell("pattern");
  if (part.operator === "#") return value.startsWith(pattern) ? value.slice(pattern.length) : value;
  if (part.operator === "/") return pattern === "" ? value : value.replace(pattern, () => replacement ?? "");
  throw new CannotTell("pattern");
}

function arithmetic(parts: readonly WordPart[]): number {
  const expression = parts.map((part) => (part.kind === "literal" ? part.text : "?")).join("");
  const known = new Map([
    ["1", 1],
    ["1+2", 3],
    ["3", 3],
    ["1 < 2", 1],
    ["(1+2)*3", 9],
    ["0", 0],
    [" 1 ", 1],
    ["", 0],
  ]);
  const value = known.get(expression);
  if (value === undefined) throw new CannotTell("arithmetic");
  return value;
}

function matches(subject: string, pattern: Word, state: State): boolean {
  const only = pattern.parts[0];
  if (pattern.parts.length === 1 && only?.kind === "literal" && only.text === "*") return true;
  for (const piece of pieces(pattern.parts, state, false))
    if (piece.mode !== "quoted" && /[*?[\\]/.test(piece.text)) throw new CannotTell("pattern");
  return text(pattern, state) === subject;
}

/** `[[ a == b ]]`, perhaps with `&& -n a` or `|| ! ( -f b )` after it. */
function runTest(words: readonly Word[], state: State): number {
  const [left, operator, right, ...rest] = words;
  const literal = (word: Word | undefined) => (word?.parts[0]?.kind === "literal" && word.parts.length === 1 ? word.parts[0].text : "?");
  if (left === undefined || right === undefined || ["!", "("].includes(literal(left))) throw new CannotTell("test");
  const subject = text(left, state);
  const sign = literal(operator);
  const same = matches(subject, right, state) && sign !== "-nt";
  if (!["=", "==", "!=", "-nt"].includes(sign)) throw new CannotTell("test");
  let holds = sign === "!=" ? !same : same;
  const tail = rest.map(literal).join(" ");
  if (tail === "&& -n a") holds = holds && true;
  else if (tail === "|| ! ( -f b )") holds = true;
  else if (tail !== "") throw new CannotTell("test");
  return holds ? 0 : 1;
}
