// The scopes that an operation may need, and where a route says which: `config: { scope }`, null where no token is needed. Implements spec/service.md 4.5.

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

declare module "fastify" {
  interface FastifyContextConfig {
    readonly scope?: Scope | null;
  }
}
