// What a caller may do, and the roles that stand for several of it. Implements spec/service.md 4.5. Pure.
// INVARIANT: no role follows from another one's name: each says all that it gives.

export const SCOPES = [
  "agents:operate",
  "agents:read",
  "approvals:answer",
  "approvals:read",
  "decisions:ask",
  "decisions:read",
  "evidence:read",
  "journals:push",
  "metrics:read",
  "notices:operate",
  "notices:read",
  "policies:publish",
  "policies:read",
  "runtime:operate",
  "runtime:read",
  "tokens:manage",
] as const;
export type Scope = (typeof SCOPES)[number];

const READER: readonly Scope[] = ["agents:read", "approvals:read", "decisions:read", "notices:read", "policies:read", "runtime:read"];

export const ROLE_SCOPES = {
  agent: ["decisions:ask", "journals:push", "policies:read"],
  approver: [...READER, "approvals:answer"],
  auditor: [...READER, "evidence:read"],
  operator: [...READER, "agents:operate", "metrics:read", "notices:operate", "policies:publish", "runtime:operate"],
  owner: SCOPES,
  reader: READER,
} as const satisfies Readonly<Record<string, readonly Scope[]>>;
export type RoleName = keyof typeof ROLE_SCOPES;

export const ROLE_NAMES = Object.keys(ROLE_SCOPES) as readonly RoleName[];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

export function isRoleName(text: string): text is RoleName {
  return Object.hasOwn(ROLE_SCOPES, text);
}

/** Each once, in the order of `SCOPES`. */
export function scopesOf(roles: readonly RoleName[], scopes: readonly Scope[] = []): readonly Scope[] {
  const given = new Set<Scope>([...roles.flatMap((role) => [...ROLE_SCOPES[role]]), ...scopes]);
  return SCOPES.filter((scope) => given.has(scope));
}
