// Where a condition goes: through the tree, with what each route inherits, and why. Implements spec/notices.md 3.2 to 3.4.

import type { AlertLevel, Category, Condition } from "./model.js";
import type { Match, Provider, Route, Routing, Settings } from "./routes.js";

/** A route with all its settings, and the id of the route that each comes from ("" for what the spec says). */
export interface Resolved {
  readonly id: string;
  readonly settings: Settings;
  readonly from: Readonly<Record<keyof Settings, string>>;
  /** Owners to whom it is escalated, in order. */
  readonly escalation: readonly string[];
}

/** One route that was asked. */
export interface Asked {
  readonly route: string;
  readonly matched: boolean;
  readonly because: string;
}

export interface Way {
  readonly asked: readonly Asked[];
  readonly taken: readonly Resolved[];
}

type Subject = Pick<Condition, "category" | "level" | "schedule">;

const DEFAULTS: Settings = { owner: "", provider: "", ackMinutes: 0, escalationOwner: "", repeatMinutes: 1_440, rateLimit: null };
const FROM_NOTHING: Resolved["from"] = { owner: "", provider: "", ackMinutes: "", escalationOwner: "", repeatMinutes: "", rateLimit: "" };

/** In the tree's order; a route that is reached twice is there once. */
export function wayOf(subject: Subject, root: Route): Way {
  const asked: Asked[] = [{ route: root.id, matched: true, because: "the root takes everything" }];
  const taken: Resolved[] = [];
  const walk = (route: Route, resolved: Resolved): void => {
    const found = matchingChildren(route, subject, asked);
    if (found.length === 0) taken.push(resolved);
    for (const child of found) walk(child, inherit(resolved, child));
  };
  walk(root, inherit({ id: "", settings: DEFAULTS, from: FROM_NOTHING, escalation: [] }, root));
  return { asked, taken };
}

function matchingChildren(route: Route, subject: Subject, asked: Asked[]): readonly Route[] {
  const found: Route[] = [];
  for (const child of route.routes) {
    const not = mismatch(child.match, subject);
    asked.push({ route: child.id, matched: not === "", because: not === "" ? sayMatch(child.match) : not });
    if (not !== "") continue;
    found.push(child);
    if (!child.goesOn) break;
  }
  return found;
}

/** The first thing that does not fit; "" where all do. */
function mismatch({ categories, levels, schedules }: Match, { category, level, schedule }: Subject): string {
  const no = (what: string, value: string, wanted: readonly string[]) => `the ${what} is ${value}, not ${wanted.join(" or ")}`;
  if (categories.length > 0 && !categories.includes(category)) return no("category", category, categories);
  if (levels.length > 0 && !levels.includes(level)) return no("level", level, levels);
  if (schedules.length > 0 && !schedules.includes(schedule)) return no("schedule", schedule, schedules);
  return "";
}

function sayMatch({ categories, levels, schedules }: Match): string {
  const given = [...categories, ...levels, ...schedules];
  return given.length === 0 ? "it asks for nothing" : `it is for ${given.join(", ")}`;
}

function inherit(parent: Resolved, { id, own }: Route): Resolved {
  const settings = { ...parent.settings, ...own };
  const from = Object.fromEntries(Object.keys(parent.from).map((key) => [key, key in own ? id : parent.from[key as keyof Settings]]));
  return { id, settings, from: from as Resolved["from"], escalation: chainOf(settings, parent) };
}

/** The route's own escalation owner, then the parents'; each once, and never whom it went to already. */
function chainOf({ owner, escalationOwner }: Settings, parent: Resolved): readonly string[] {
  const chain = [escalationOwner, ...parent.escalation].filter((name) => name !== "" && name !== owner);
  return chain.filter((name, i) => chain.indexOf(name) === i);
}

/** All routes with their settings, by id. */
export function allRoutes(root: Route): ReadonlyMap<string, Resolved> {
  const found = new Map<string, Resolved>();
  const walk = (route: Route, parent: Resolved): void => {
    const resolved = inherit(parent, route);
    found.set(route.id, resolved);
    for (const child of route.routes) walk(child, resolved);
  };
  walk(root, { id: "", settings: DEFAULTS, from: FROM_NOTHING, escalation: [] });
  return found;
}

/** The id of the route that stands where there is no file of routes. */
export const UNROUTED = "unrouted";

/** Routes for a schedule whose file of routes is not there or malformed: each of its owners through standard output. */
export function builtInRouting(owners: readonly string[]): Routing {
  const names = owners.length === 0 ? [UNROUTED] : owners;
  const stdout: Provider = { kind: "stdout" };
  const owner = { provider: "", person: "", accounts: [], calendar: null };
  const settings = (name: string) => ({ owner: name, provider: "stdout" });
  const match = { categories: [], levels: [], schedules: [] };
  const children = owners.map((name) => ({ id: `${UNROUTED}.${name}`, match, goesOn: true, own: settings(name), routes: [] }));
  return {
    author: "cavra",
    providers: new Map([["stdout", stdout]]),
    owners: new Map(names.map((name) => [name, owner])),
    root: { id: UNROUTED, match, goesOn: false, own: settings(names[0] ?? UNROUTED), routes: children },
    windows: [],
    problems: [],
  };
}

/** For the vectors and for explaining: which category has which level. */
export const LEVEL_OF: Readonly<Record<Exclude<Category, "escalation">, AlertLevel>> = {
  due_soon: "info",
  overdue: "warning",
  stale_critical: "critical",
  drill_failed: "warning",
  demotion: "critical",
  mismatch: "critical",
  digest: "info",
};
