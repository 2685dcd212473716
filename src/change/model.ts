// Actions, facts, effects and the change. Implements spec/change.md sections 1 to 3. Twin of go/change/model/model.go.
// These are wire shapes: their keys are the keys of the record, so there is no mapping layer that could drift.

import type { Span } from "../base/span.js";

export const ACTION_TYPES = ["execute_command", "read_file", "write_file", "git_operation", "network_request", "mcp_tool_call"] as const;
export type ActionType = (typeof ACTION_TYPES)[number];

/**
 * What an agent asks to do, as it came. `target` is the command line, the path, the git command line without `git`, the URL,
 * or `server/tool`. `arguments` is the tool's input as canonical JSON text (MCP), or "".
 * `operation` refines `write_file` (`write`, `edit`, `delete`) and `network_request` (the method); "" elsewhere.
 */
export interface Action {
  readonly action_type: ActionType;
  readonly target: string;
  readonly operation: string;
  readonly arguments: string;
  /** Absolute working folder of the action. */
  readonly cwd: string;
  /** Absolute root of the workspace. */
  readonly workspace_root: string;
}

/**
 * What the caller knows about the machine. The change is a pure function of action, facts and catalogue; a fact that is not supplied is unknown.
 * The caller may derive once, look up what the change names (links, listings, scripts), and derive again with those facts.
 */
export interface Facts {
  /** Home folder of the person, absolute, or "". */
  readonly home: string;
  /** Temporary folders, absolute. */
  readonly temp_roots: readonly string[];
  /** Environment variables of the agent's shell that may be relied on (`HOME`, `TMPDIR`, `USER`, …). */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of a link → absolute path that it points to (one step, not resolved further). */
  readonly links: Readonly<Record<string, string>>;
  /** Absolute folder → the names in it, for globs. */
  readonly listings: Readonly<Record<string, readonly string[]>>;
  /** Absolute path → text of a script that the action would run. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly git: GitFacts;
}

/** Empty strings are unknown. */
export interface GitFacts {
  readonly current_branch: string;
  readonly default_branch: string;
  readonly upstream_remote: string;
  readonly upstream_branch: string;
}

/** Marks a target that cannot be known without running the action. No path, ref or host can be spelled like it where it is used. */
export const UNKNOWN = "unknown";

/**
 * How much a file effect's target covers: `exact` one path; `tree` the path and all below it; `contents` all below it but not the path itself;
 * `pattern` whatever the shell glob in `target` names (`*` and `?` never cross a `/`); `unknown` with target "unknown".
 */
export type Extent = "exact" | "tree" | "contents" | "pattern" | "unknown";

interface EffectBase {
  readonly span: Span;
  /** The programs that carry it to the world, outermost first: `["sudo", "bash"]`. */
  readonly via: readonly string[];
  /** `elsewhere`: on another machine or in a container, where paths are not those of this workspace. */
  readonly place: "here" | "elsewhere";
}

/** Absolute canonical path (spec/change.md section 4), or "unknown". */
export interface FileEffect extends EffectBase {
  readonly kind: "read" | "write" | "delete";
  readonly target: string;
  readonly extent: Extent;
}

/** A program is run. `known` says that the catalogue has it, `harmless` that the catalogue knows all that it does. */
export interface ExecEffect extends EffectBase {
  readonly kind: "exec";
  /** Canonical name of the program: `rm` for `/bin/rm`, `RM`, `rm.exe`. */
  readonly program: string;
  /** As written when it was a path, canonical: `/usr/bin/rm`, `/srv/app/run.sh`; else "". */
  readonly path: string;
  /** `apply`, `compute instances delete`; "" when there is none, "unknown" when it cannot be known. */
  readonly subcommand: string;
  /** Options by meaning, sorted: `["force", "recursive"]`; an unknown program's are as written. */
  readonly options: readonly string[];
  readonly known: boolean;
  readonly harmless: boolean;
}

/** A change to the state of a git repository or a remote. The operations are listed in spec/change.md section 8. */
export interface GitEffect extends EffectBase {
  readonly kind: "git";
  readonly operation: string;
  /** Short ref name (`main`, `v1`), "" for none, "unknown". */
  readonly ref: string;
  readonly remote: string;
  readonly force: "none" | "lease" | "force";
}

export interface NetworkEffect extends EffectBase {
  readonly kind: "network";
  /** Lower-case host name without port, or "unknown". */
  readonly host: string;
  readonly url: string;
  readonly direction: "receive" | "send";
  /** Where what is sent comes from: `none`, `literal` (written in the action), `derived` (files, output of programs), `unknown`. */
  readonly data: "none" | "literal" | "derived" | "unknown";
}

/** A change outside files and git: infrastructure, databases, registries, services, processes, the host. */
export interface OperateEffect extends EffectBase {
  readonly kind: "operate";
  /** `terraform`, `kubernetes`, `aws`, `postgresql`, `npm`, `host`, … as the catalogue names it. */
  readonly system: string;
  /** `apply`, `delete`, `drop`, `publish`, `install`, … as the catalogue names it. */
  readonly operation: string;
  readonly target: string;
}

/** An MCP tool is called. */
export interface CallEffect extends EffectBase {
  readonly kind: "call";
  readonly server: string;
  readonly tool: string;
  /** `read`, `write`, `execute`, `network`, `unknown`. */
  readonly capability: string;
}

/** Code or a program that cannot be known before it runs. */
export interface OpaqueEffect extends EffectBase {
  readonly kind: "opaque";
  /** One of the codes of spec/change.md section 9, such as `unknown_program`, `unknown_code`, `unsupported_syntax`, `limit_exceeded`. */
  readonly reason: string;
  /** The finer code: of spec/shell.md section 3 for `unsupported_syntax`, the language for `unknown_code`; else "". */
  readonly detail: string;
}

export type Effect = FileEffect | ExecEffect | GitEffect | NetworkEffect | OperateEffect | CallEffect | OpaqueEffect;
export type EffectKind = Effect["kind"];

/** All effects of an action in source order, each once. */
export interface Change {
  readonly effects: readonly Effect[];
}
