// Arithmetic that is constant: `$((1 + 2))`, `i++` with a known `i`. Implements spec/change.md section 5.8.
// Twin of go/change/words/arithmetic.go.
// Anything else is unknown. Results beyond 2^53 are unknown too, where bash would wrap at 2^63.

/** Reads and sets variables by name; `get` gives null for what is not a known whole number. */
export interface Numbers {
  get(name: string): number | null;
  set(name: string, value: number | null): void;
}

interface Cursor {
  readonly tokens: readonly string[];
  at: number;
  depth: number;
  readonly numbers: Numbers;
  failed: boolean;
}

/** The value of an expression, or null when it cannot be known. Assignments inside it are made as far as they are understood. */
export function evaluateArithmetic(text: string, numbers: Numbers): number | null {
  const tokens = tokenise(text);
  if (tokens === null) return null;
  if (tokens.length === 0) return 0;
  const cursor: Cursor = { tokens, at: 0, depth: 0, numbers, failed: false };
  const value = comma(cursor);
  return cursor.failed || cursor.at !== tokens.length ? null : value;
}

const OPERATORS = [
  "<<=",
  ">>=",
  "**",
  "<<",
  ">>",
  "<=",
  ">=",
  "==",
  "!=",
  "&&",
  "||",
  "++",
  "--",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "&=",
  "|=",
  "^=",
];
const SINGLES = "+-*/%<>=!&|^~?:(),";
const TOKEN_LIMIT = 512;
const DEPTH_LIMIT = 64;

function tokenise(text: string): readonly string[] | null {
  const tokens: string[] = [];
  for (let i = 0; i < text.length; ) {
    const character = text[i] ?? "";
    if (" \t\n".includes(character)) {
      i++;
      continue;
    }
    if (tokens.length >= TOKEN_LIMIT) return null;
    let end = i + 1;
    if (isNameCharacter(character)) while (end < text.length && (isNameCharacter(text[end] ?? "") || text[end] === "#")) end++;
    else {
      const operator = OPERATORS.find((candidate) => text.startsWith(candidate, i));
      if (operator === undefined && !SINGLES.includes(character)) return null;
      end = i + (operator?.length ?? 1);
    }
    tokens.push(text.slice(i, end));
    i = end;
  }
  return tokens;
}

function comma(cursor: Cursor): number | null {
  let value = assignment(cursor);
  while (take(cursor, ",")) value = assignment(cursor);
  return value;
}

function assignment(cursor: Cursor): number | null {
  if (++cursor.depth > DEPTH_LIMIT) return fail(cursor);
  const name = cursor.tokens[cursor.at] ?? "";
  const operator = cursor.tokens[cursor.at + 1] ?? "";
  let value: number | null;
  if (isName(name) && operator.endsWith("=") && !["==", "!=", "<=", ">="].includes(operator)) {
    cursor.at += 2;
    const right = assignment(cursor);
    value = operator === "=" ? right : apply(operator.slice(0, -1), cursor.numbers.get(name), right);
    cursor.numbers.set(name, value);
  } else value = ternary(cursor);
  cursor.depth--;
  return value;
}

function ternary(cursor: Cursor): number | null {
  const condition = binary(cursor, 0);
  if (!take(cursor, "?")) return condition;
  const yes = assignment(cursor);
  if (!take(cursor, ":")) return fail(cursor);
  const no = assignment(cursor);
  if (condition === null) return yes === no ? yes : null;
  return condition !== 0 ? yes : no;
}

const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

function binary(cursor: Cursor, level: number): number | null {
  const operators = LEVELS[level];
  if (operators === undefined) return power(cursor);
  let left = binary(cursor, level + 1);
  for (;;) {
    const operator = cursor.tokens[cursor.at];
    if (operator === undefined || !operators.includes(operator)) return left;
    cursor.at++;
    left = apply(operator, left, binary(cursor, level + 1));
  }
}

function power(cursor: Cursor): number | null {
  const base = unary(cursor);
  if (!take(cursor, "**")) return base;
  if (++cursor.depth > DEPTH_LIMIT) return fail(cursor);
  return apply("**", base, power(cursor));
}

function unary(cursor: Cursor): number | null {
  const token = cursor.tokens[cursor.at] ?? "";
  if (++cursor.depth > DEPTH_LIMIT) return fail(cursor);
  let value: number | null;
  if (["+", "-", "!", "~"].includes(token)) {
    cursor.at++;
    const inner = unary(cursor);
    if (inner === null) value = null;
    else value = token === "-" ? 0 - inner : token === "!" ? Number(inner === 0) : token === "~" ? apply("-", -1, inner) : inner;
  } else if (token === "++" || token === "--") {
    cursor.at++;
    const name = cursor.tokens[cursor.at++] ?? "";
    value = isName(name) ? step(cursor, name, token) : fail(cursor);
  } else value = primary(cursor, token);
  cursor.depth--;
  return value;
}

function primary(cursor: Cursor, token: string): number | null {
  cursor.at++;
  if (token === "(") {
    const value = comma(cursor);
    return take(cursor, ")") ? value : fail(cursor);
  }
  if (isName(token)) {
    const value = cursor.numbers.get(token);
    const next = cursor.tokens[cursor.at];
    if (next === "++" || next === "--") {
      cursor.at++;
      step(cursor, token, next);
    }
    return value;
  }
  return number(token) ?? fail(cursor);
}

function step(cursor: Cursor, name: string, operator: string): number | null {
  const value = apply(operator === "++" ? "+" : "-", cursor.numbers.get(name), 1);
  cursor.numbers.set(name, value);
  return value;
}

function apply(operator: string, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  const value = compute(operator, left, right);
  return Number.isSafeInteger(value) ? value + 0 : null;
}

function compute(operator: string, left: number, right: number): number {
  const small = Math.abs(left) < 2 ** 31 && Math.abs(right) < 2 ** 31;
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? Number.NaN : Math.trunc(left / right);
    case "%":
      return right === 0 ? Number.NaN : left % right;
    case "**":
      return right < 0 ? Number.NaN : left ** right;
    case "<<":
      return right < 0 || right > 52 ? Number.NaN : left * 2 ** right;
    case ">>":
      return right < 0 || right > 62 ? Number.NaN : Math.floor(left / 2 ** right);
    case "<":
      return Number(left < right);
    case ">":
      return Number(left > right);
    case "<=":
      return Number(left <= right);
    case ">=":
      return Number(left >= right);
    case "==":
      return Number(left === right);
    case "!=":
      return Number(left !== right);
    case "&&":
      return Number(left !== 0 && right !== 0);
    case "||":
      return Number(left !== 0 || right !== 0);
    case "&":
      return small ? left & right : Number.NaN;
    case "|":
      return small ? left | right : Number.NaN;
    case "^":
      return small ? left ^ right : Number.NaN;
    default:
      return Number.NaN;
  }
}

/** Decimal, octal (`010`), hexadecimal (`0x1f`); other bases are unknown. */
export function number(token: string): number | null {
  if (token.length > 16) return null;
  const hexadecimal = token.startsWith("0x") || token.startsWith("0X");
  const digits = hexadecimal ? token.slice(2) : token;
  const base = hexadecimal ? 16 : token.length > 1 && token.startsWith("0") ? 8 : 10;
  if (digits === "") return null;
  let value = 0;
  for (const character of digits.toLowerCase()) {
    const digit = "0123456789abcdef".indexOf(character);
    if (digit < 0 || digit >= base) return null;
    value = value * base + digit;
  }
  return Number.isSafeInteger(value) ? value : null;
}

function take(cursor: Cursor, token: string): boolean {
  if (cursor.tokens[cursor.at] !== token) return false;
  cursor.at++;
  return true;
}

function fail(cursor: Cursor): null {
  cursor.failed = true;
  cursor.at = cursor.tokens.length;
  return null;
}

function isName(token: string): boolean {
  return token !== "" && isNameCharacter(token[0] ?? "") && !(token[0] !== undefined && token[0] >= "0" && token[0] <= "9");
}

function isNameCharacter(character: string): boolean {
  return (
    (character >= "a" && character <= "z") ||
    (character >= "A" && character <= "Z") ||
    (character >= "0" && character <= "9") ||
    character === "_"
  );
}
