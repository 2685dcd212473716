// Secrets that tell by their first characters what they are. Implements spec/redaction.md section 3. Twin of go/evidence/secrets/tokens.go.
// The table is the one in the spec, in the same order within each first character: longer prefixes before their own beginnings.

import { isDigit, isIn, isLetter, WORD } from "./characters.js";

/** Characters that may follow a prefix. */
type Alphabet = "alnum" | "word" | "url" | "dotted" | "upper" | "hex" | "base64" | "path";

export interface TokenForm {
  readonly kind: string;
  readonly prefix: string;
  readonly alphabet: Alphabet;
  /** At least so many characters after the prefix; with `exact` no more either. */
  readonly count: number;
  readonly exact: boolean;
  /** The prefix is no part of the secret and stays. */
  readonly keep: boolean;
}

/** Kind, alphabet, count, and the prefixes; `exact` and `keep` as in TokenForm. */
type Row = readonly [kind: string, alphabet: Alphabet, count: number, prefixes: string, flag?: "exact" | "keep"];

const ROWS: readonly Row[] = [
  ["aws_access_key", "upper", 16, "AKIA ASIA ABIA ACCA", "exact"],
  ["github_token", "word", 22, "github_pat_"],
  ["github_token", "alnum", 30, "ghp_ gho_ ghu_ ghs_ ghr_"],
  ["gitlab_token", "dotted", 20, "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glimt- glagent- gloas- glffct-"],
  ["slack_token", "url", 10, "xoxb- xoxp- xoxa- xoxr- xoxs- xoxc- xoxd- xoxe- xapp-"],
  ["slack_token", "dotted", 10, "xoxe.xoxp- xoxe.xoxb-"],
  ["stripe_key", "alnum", 10, "sk_live_ sk_test_ rk_live_ rk_test_"],
  ["stripe_key", "base64", 24, "whsec_"],
  ["npm_token", "alnum", 30, "npm_"],
  ["pypi_token", "url", 50, "pypi-"],
  ["google_key", "url", 35, "AIza"],
  ["google_key", "url", 20, "GOCSPX-"],
  ["google_key", "dotted", 20, "ya29."],
  ["anthropic_key", "url", 20, "sk-ant-"],
  ["openai_key", "url", 20, "sk-proj- sk-svcacct- sk-admin- sk-None- sk-or-v1- sk-lf-"],
  ["openai_key", "alnum", 20, "sk-"],
  ["huggingface_token", "alnum", 30, "hf_"],
  ["sendgrid_key", "dotted", 40, "SG."],
  ["vault_token", "url", 20, "hvs. hvb. hvr."],
  ["docker_token", "url", 20, "dckr_pat_ dckr_oat_"],
  ["digitalocean_token", "hex", 60, "dop_v1_ doo_v1_ dor_v1_"],
  ["databricks_token", "hex", 32, "dapi"],
  ["atlassian_token", "base64", 50, "ATATT3x ATCTT3x ATBB"],
  ["grafana_token", "base64", 30, "glsa_ glc_"],
  ["shopify_token", "hex", 30, "shpat_ shpca_ shppa_ shpss_"],
  ["rubygems_key", "hex", 40, "rubygems_"],
  ["cargo_token", "alnum", 32, "cio"],
  ["linear_key", "alnum", 30, "lin_api_ lin_oauth_"],
  ["notion_token", "alnum", 40, "ntn_"],
  ["planetscale_token", "dotted", 30, "pscale_tkn_ pscale_pw_ pscale_oauth_"],
  ["supabase_key", "url", 20, "sbp_ sb_secret_"],
  ["sentry_token", "base64", 40, "sntrys_ sntryu_"],
  ["figma_token", "url", 30, "figd_"],
  ["tailscale_key", "url", 10, "tskey-"],
  ["fly_token", "base64", 40, "fm1_ fm2_ fo1_"],
  ["model_key", "alnum", 30, "gsk_ xai- pplx- r8_"],
  ["newrelic_key", "alnum", 20, "NRAK- NRJS- NRII-"],
  ["postman_key", "url", 50, "PMAK-"],
  ["doppler_token", "alnum", 30, "dp.pt. dp.st. dp.ct. dp.sa."],
  ["square_token", "url", 22, "sq0atp- sq0csp-"],
  ["age_key", "upper", 50, "AGE-SECRET-KEY-1"],
  ["webhook", "path", 20, "hooks.slack.com/services/ discord.com/api/webhooks/ discordapp.com/api/webhooks/ api.telegram.org/bot", "keep"],
];

/** Every form, in the order of the spec. */
export function tokenForms(): readonly TokenForm[] {
  return ROWS.flatMap((row) => row[3].split(" ").map((prefix) => formOf(row, prefix)));
}

function formOf([kind, alphabet, count, , flag]: Row, prefix: string): TokenForm {
  return { kind, prefix, alphabet, count, exact: flag === "exact", keep: flag === "keep" };
}

/** The forms that begin with the character of this code, longer prefixes first. */
function formsFrom(unit: number): readonly TokenForm[] {
  const known = BY_FIRST_UNIT.get(unit);
  if (known !== undefined) return known;
  const first = String.fromCharCode(unit);
  const further = ` ${first}`;
  const forms: TokenForm[] = [];
  // Most characters begin no form, and a process that judges one action meets few: rows without the character are never taken apart.
  // Counted loops, here and in tokenAt: in a process this young an iterator costs more than what is done with the row.
  for (let i = 0; i < ROWS.length; i++) {
    const row = ROWS[i] as Row;
    if (!row[3].startsWith(first) && !row[3].includes(further)) continue;
    for (const prefix of row[3].split(" ")) if (prefix.startsWith(first)) forms.push(formOf(row, prefix));
  }
  if (forms.length > 1) forms.sort((a, b) => b.prefix.length - a.prefix.length);
  if (unit < 0x80) BY_FIRST_UNIT.set(unit, forms);
  return forms;
}

const BY_FIRST_UNIT = new Map<number, readonly TokenForm[]>();

export interface Finding {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** The token at `at`, where a word begins, or null. Costs the length of what it finds. */
export function tokenAt(text: string, at: number): Finding | null {
  const forms = formsFrom(text.charCodeAt(at));
  if (text.startsWith("eyJ", at)) {
    const found = jsonWebToken(text, at);
    if (found !== null) return found;
  }
  for (let i = 0; i < forms.length; i++) {
    const one = forms[i] as TokenForm;
    if (!text.startsWith(one.prefix, at)) continue;
    const from = at + one.prefix.length;
    const end = endOf(text, from, one.alphabet);
    const counted = one.exact ? end - from === one.count && !isIn(text, end, WORD) : end - from >= one.count;
    if (counted) return { kind: one.kind, start: one.keep ? from : at, end };
  }
  return null;
}

function endOf(text: string, from: number, alphabet: Alphabet): number {
  let at = from;
  while (at < text.length && fits(text.charCodeAt(at), alphabet)) at++;
  return at;
}

function fits(unit: number, alphabet: Alphabet): boolean {
  switch (alphabet) {
    case "alnum":
      return isDigit(unit) || isLetter(unit);
    case "word":
      return isDigit(unit) || isLetter(unit) || unit === 0x5f;
    case "url":
      return isDigit(unit) || isLetter(unit) || unit === 0x5f || unit === 0x2d;
    case "dotted":
      return isDigit(unit) || isLetter(unit) || unit === 0x5f || unit === 0x2d || unit === 0x2e;
    case "upper":
      return isDigit(unit) || (unit >= 0x41 && unit <= 0x5a);
    case "hex":
      return isDigit(unit) || (unit >= 0x61 && unit <= 0x66) || unit === 0x2d;
    case "base64":
      return isDigit(unit) || isLetter(unit) || unit === 0x5f || unit === 0x2d || unit === 0x2b || unit === 0x2f || unit === 0x3d;
    case "path":
      return isDigit(unit) || isLetter(unit) || unit === 0x5f || unit === 0x2d || unit === 0x2f || unit === 0x3a || unit === 0x2e;
  }
}

const WEB_TOKEN_PART = 10;

// Header, dot, payload, and as many further dotted parts as there are (a signature may be empty, an encrypted token has five parts).
function jsonWebToken(text: string, at: number): Finding | null {
  const header = endOf(text, at, "url");
  if (header - at < WEB_TOKEN_PART || text.charAt(header) !== ".") return null;
  const payload = endOf(text, header + 1, "url");
  if (payload - header - 1 < WEB_TOKEN_PART) return null;
  return { kind: "jwt", start: at, end: endOf(text, payload, "dotted") };
}

const KEY_LABEL = 40;

/** A PEM or PGP private key from its first line to its last; without a last line, to the end of the text. */
export function privateKeyAt(text: string, at: number): Finding | null {
  if (!text.startsWith("-----BEGIN ", at)) return null;
  const label = text.slice(at + 11, at + 11 + KEY_LABEL).indexOf("PRIVATE KEY");
  // The label is looked for in a slice, so that many beginnings without one stay cheap. Its limit is in bytes, and no slice of as many units is shorter.
  if (label < 0 || Buffer.byteLength(text.slice(at + 11, at + 11 + label)) > KEY_LABEL - "PRIVATE KEY".length) return null;
  const last = text.indexOf("-----END ", at + 11 + label);
  const close = last < 0 ? -1 : text.indexOf("-----", last + 9);
  return { kind: "private_key", start: at, end: close < 0 ? text.length : close + 5 };
}
