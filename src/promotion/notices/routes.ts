// The file of the routes: providers, owners, the tree, windows. Implements spec/notices.md 3.1, 3.2 and 7.1.
// A window or a calendar that cannot be read is left out and told; anything else that is wrong makes the file malformed, and 3.4 holds.

import { bad, type JsonObject, type JsonValue, ok, type Problem, parseJson, type Result } from "../../base/index.js";
import { blame, isName, isObject, listAt, nameAt, objectAt, type Reading, textAt, wholeAt, wordAt } from "../fields.js";
import { type OwnerCalendar, readCalendar } from "./calendars.js";
import { type AlertLevel, CATEGORIES, type Category, LEVELS } from "./model.js";
import { type MaintenanceWindow, readWindow } from "./windows.js";

export const ROUTES_SCHEMA = "cavra.go-backend-rollback-drill-routes.v1";
export const ROUTES_BYTES = 1_048_576;
export const MOST_ROUTES = 256;
export const ROUTES_DEPTH = 8;
export const MOST_OWNERS = 256;
export const MOST_PROVIDERS = 64;
export const MOST_WINDOWS = 256;

export interface Routing {
  readonly author: string;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly owners: ReadonlyMap<string, Owner>;
  readonly root: Route;
  readonly windows: readonly MaintenanceWindow[];
  /** What was left out: `window_unreadable`, `calendar_unreadable`. */
  readonly problems: readonly Problem[];
}

export type Provider =
  | { readonly kind: "stdout" }
  | { readonly kind: "file"; readonly path: string }
  | {
      readonly kind: "webhook" | "slack";
      /** One of both is "". */
      readonly url: string;
      readonly urlFile: string;
      /** "" for none. */
      readonly tokenFile: string;
      readonly timeoutMs: number;
    };

export interface Owner {
  /** "" for the route's. */
  readonly provider: string;
  /** The name of this person's keys in the trust document; "" for none. */
  readonly person: string;
  /** Accounts of the operating system. */
  readonly accounts: readonly string[];
  /** Null for none: reachable at any time. */
  readonly calendar: OwnerCalendar | null;
}

export interface RateLimit {
  readonly count: number;
  readonly minutes: number;
}

/** What a route says itself; `undefined` is taken from its parent. */
export interface Settings {
  readonly owner: string;
  readonly provider: string;
  readonly ackMinutes: number;
  readonly escalationOwner: string;
  readonly repeatMinutes: number;
  readonly rateLimit: RateLimit | null;
}

export interface Match {
  /** Empty for all. */
  readonly categories: readonly Category[];
  readonly levels: readonly AlertLevel[];
  readonly schedules: readonly string[];
}

export interface Route {
  readonly id: string;
  readonly match: Match;
  readonly goesOn: boolean;
  readonly own: Partial<Settings>;
  readonly routes: readonly Route[];
}

const MATCH_ALL: Match = { categories: [], levels: [], schedules: [] };

/** Problem: `routes_malformed`. */
export function readRouting(text: string | Uint8Array): Result<Routing> {
  const parsed = parseJson(text, { sizeBytes: ROUTES_BYTES, depth: 64 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const reading: Reading = { fault: "" };
  const value = objectAt(reading, parsed.value, "it", {
    required: ["schema_version", "author", "providers", "owners", "route", "windows"],
  });
  wordAt(reading, value.schema_version, "schema_version", [ROUTES_SCHEMA]);
  const author = nameAt(reading, value.author, "author");
  const problems: Problem[] = [];
  const providers = mapAt(reading, value.providers, "providers", MOST_PROVIDERS, (item, at) => providerAt(reading, item, at));
  const owners = mapAt(reading, value.owners, "owners", MOST_OWNERS, (item, at, name) => ownerAt(reading, item, at, name, problems));
  const tree: Tree = { reading, ids: new Set(), providers, owners };
  const root = routeAt(tree, value.route, "route", 1);
  for (const owner of owners.values()) if (owner.provider !== "") known(reading, providers, owner.provider, "an owner's provider");
  const windows = listAt(reading, value.windows, "windows", { least: 0, most: MOST_WINDOWS }, (item, at) => readWindow(item, at));
  const readable = windows.flatMap((window) => (window.ok ? [window.value] : []));
  problems.push(...windows.flatMap((window) => (window.ok ? [] : [window.problem])), ...repeated(readable));
  if (reading.fault !== "") return malformed(reading.fault);
  return ok({ author, providers, owners, root, windows: firstOfEach(readable), problems });
}

function malformed<T>(message: string): Result<T> {
  return bad("routes_malformed", `these are no routes: ${message}`, {
    hint: "`cavra runtime go-rollback-drill-routes init` writes some to begin with",
  });
}

function repeated(windows: readonly MaintenanceWindow[]): readonly Problem[] {
  const twice = windows.filter(({ id }, i) => windows.findIndex((other) => other.id === id) !== i);
  return twice.map(({ id }) => ({
    code: "window_unreadable",
    message: `the window \`${id}\` is there twice; the second one suppresses nothing`,
  }));
}

function firstOfEach(windows: readonly MaintenanceWindow[]): readonly MaintenanceWindow[] {
  return windows.filter(({ id }, i) => windows.findIndex((other) => other.id === id) === i);
}

function mapAt<T>(
  reading: Reading,
  value: JsonValue | undefined,
  at: string,
  most: number,
  read: (item: JsonValue, at: string, name: string) => T,
): ReadonlyMap<string, T> {
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length < 1 || entries.length > most) blame(reading, `${at} is no object with 1 to ${most} entries`);
  const wrong = entries.find(([name]) => !isName(name));
  if (wrong !== undefined) blame(reading, `${at} has an entry whose key is no name`);
  return new Map(entries.slice(0, most).map(([name, item]) => [name, read(item, `${at}.${name}`, name)]));
}

function ownerAt(reading: Reading, value: JsonValue, at: string, name: string, problems: Problem[]): Owner {
  const owner = objectAt(reading, value, at, { required: [], optional: ["provider", "person", "accounts", "calendar"] });
  const calendar = owner.calendar === undefined ? null : readCalendar(owner.calendar, name);
  if (calendar?.ok === false) problems.push(calendar.problem);
  return {
    provider: owner.provider === undefined ? "" : nameAt(reading, owner.provider, `${at}.provider`),
    person: owner.person === undefined ? "" : textAt(reading, owner.person, `${at}.person`),
    accounts:
      owner.accounts === undefined
        ? []
        : listAt(reading, owner.accounts, `${at}.accounts`, { least: 1, most: 16 }, (item, place) => textAt(reading, item, place)),
    calendar: calendar?.ok ? calendar.value : null,
  };
}

const KINDS = ["stdout", "file", "webhook", "slack"] as const;
export const TIMEOUT_MS = 5_000;

function providerAt(reading: Reading, value: JsonValue, at: string): Provider {
  const kind = wordAt(reading, isObject(value) ? value.kind : undefined, `${at}.kind`, KINDS);
  switch (kind) {
    case "stdout":
      objectAt(reading, value, at, { required: ["kind"] });
      return { kind };
    case "file": {
      const file = objectAt(reading, value, at, { required: ["kind", "path"] });
      return { kind, path: textAt(reading, file.path, `${at}.path`) };
    }
    case "webhook":
    case "slack":
      return overHttp(reading, value, at, kind);
  }
}

function overHttp(reading: Reading, value: JsonValue, at: string, kind: "webhook" | "slack"): Provider {
  const optional = ["url", "url_file", "timeout_ms", ...(kind === "webhook" ? ["token_file"] : [])];
  const read = objectAt(reading, value, at, { required: ["kind"], optional });
  if ((read.url === undefined) === (read.url_file === undefined)) blame(reading, `${at} has not exactly one of url and url_file`);
  return {
    kind,
    url: optionalText(reading, read, "url", at),
    urlFile: optionalText(reading, read, "url_file", at),
    tokenFile: optionalText(reading, read, "token_file", at),
    timeoutMs: read.timeout_ms === undefined ? TIMEOUT_MS : wholeAt(reading, read.timeout_ms, `${at}.timeout_ms`, 100, 30_000),
  };
}

function optionalText(reading: Reading, value: JsonObject, key: string, at: string): string {
  return value[key] === undefined ? "" : textAt(reading, value[key], `${at}.${key}`);
}

interface Tree {
  readonly reading: Reading;
  readonly ids: Set<string>;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly owners: ReadonlyMap<string, Owner>;
}

const SETTINGS = ["owner", "provider", "ack_minutes", "escalation_owner", "repeat_minutes", "rate_limit"];

function routeAt(tree: Tree, value: JsonValue | undefined, at: string, depth: number): Route {
  const { reading } = tree;
  const isRoot = depth === 1;
  const keys = isRoot
    ? { required: ["id", "owner", "provider"], optional: [...SETTINGS, "routes"] }
    : { required: ["id"], optional: [...SETTINGS, "match", "continue", "routes"] };
  const route = objectAt(reading, value, at, keys);
  const id = nameAt(reading, route.id, `${at}.id`);
  if (tree.ids.has(id)) blame(reading, `${at}.id is another route's too`);
  tree.ids.add(id);
  if (tree.ids.size > MOST_ROUTES) blame(reading, `there are more than ${MOST_ROUTES} routes`);
  if (depth > ROUTES_DEPTH) blame(reading, `${at} is more than ${ROUTES_DEPTH} deep`);
  const goesOn = route.continue ?? false;
  if (typeof goesOn !== "boolean") blame(reading, `${at}.continue is neither true nor false`);
  const own = settingsAt(tree, route, at);
  // What is too deep or too much is not followed further: the file is malformed already.
  const isFollowed = route.routes !== undefined && depth <= ROUTES_DEPTH && tree.ids.size <= MOST_ROUTES;
  const routes = isFollowed
    ? listAt(reading, route.routes, `${at}.routes`, { least: 1, most: MOST_ROUTES }, (item, place) => routeAt(tree, item, place, depth + 1))
    : [];
  const match = route.match === undefined ? MATCH_ALL : matchAt(reading, route.match, `${at}.match`);
  return { id, match, goesOn: goesOn === true, own, routes };
}

function settingsAt({ reading, owners, providers }: Tree, route: JsonObject, at: string): Partial<Settings> {
  const own: { -readonly [key in keyof Settings]?: Settings[key] } = {};
  if (route.owner !== undefined) own.owner = known(reading, owners, route.owner, `${at}.owner`);
  if (route.provider !== undefined) own.provider = known(reading, providers, route.provider, `${at}.provider`);
  if (route.escalation_owner !== undefined) own.escalationOwner = known(reading, owners, route.escalation_owner, `${at}.escalation_owner`);
  if (route.ack_minutes !== undefined) own.ackMinutes = wholeAt(reading, route.ack_minutes, `${at}.ack_minutes`, 0, 10_080);
  if (route.repeat_minutes !== undefined) own.repeatMinutes = wholeAt(reading, route.repeat_minutes, `${at}.repeat_minutes`, 1, 20_160);
  if (route.rate_limit !== undefined)
    own.rateLimit = route.rate_limit === null ? null : rateLimitAt(reading, route.rate_limit, `${at}.rate_limit`);
  return own;
}

function known(reading: Reading, those: ReadonlyMap<string, unknown>, value: JsonValue, at: string): string {
  const name = nameAt(reading, value, at);
  if (!those.has(name)) blame(reading, `${at} names \`${name}\`, which is not there`);
  return name;
}

function rateLimitAt(reading: Reading, value: JsonValue, at: string): RateLimit {
  const limit = objectAt(reading, value, at, { required: ["count", "minutes"] });
  return {
    count: wholeAt(reading, limit.count, `${at}.count`, 1, 1_000),
    minutes: wholeAt(reading, limit.minutes, `${at}.minutes`, 1, 1_440),
  };
}

function matchAt(reading: Reading, value: JsonValue, at: string): Match {
  const match = objectAt(reading, value, at, { required: [], optional: ["categories", "levels", "schedules"] });
  const some = { least: 1, most: 32 };
  const listOf = <T>(key: string, read: (item: JsonValue, place: string) => T) =>
    match[key] === undefined ? [] : listAt(reading, match[key], `${at}.${key}`, some, read);
  return {
    categories: listOf("categories", (item, place) => wordAt(reading, item, place, CATEGORIES)),
    levels: listOf("levels", (item, place) => wordAt(reading, item, place, LEVELS)),
    schedules: listOf("schedules", (item, place) => nameAt(reading, item, place)),
  };
}
