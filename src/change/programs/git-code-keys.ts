// Configuration keys and variables whose values git runs, or takes programs from, and for whom. Implements spec/git.md clauses 7.1 and 7.2.
// Twin of go/change/programs/git_code_keys.go.

/** What a value is: shell code, the path of a program, a credential helper, or a file or folder from which git takes more of them. */
export type CodeKind = "shell" | "program" | "helper" | "folder";
export type CodeGroup =
  | "always"
  | "index"
  | "network"
  | "pager"
  | "editor"
  | "sequence"
  | "diff"
  | "merge"
  | "sign"
  | "hooks"
  | "patch"
  | "mail"
  | "archive"
  | "tools"
  | "submodule"
  | "objects"
  | "templates"
  | "web";

export interface CodeKey {
  readonly section: string;
  /** `*`: any sub-section, which must be there; `?`: may be there. */
  readonly sub: "" | "*" | "?";
  readonly name: string;
  readonly kind: CodeKind;
  readonly group: CodeGroup;
}

const CODE_KEYS: readonly CodeKey[] = [
  { section: "core", sub: "", name: "fsmonitor", kind: "shell", group: "index" },
  { section: "core", sub: "", name: "sshcommand", kind: "shell", group: "network" },
  { section: "core", sub: "", name: "gitproxy", kind: "shell", group: "network" },
  { section: "core", sub: "", name: "askpass", kind: "program", group: "network" },
  { section: "core", sub: "", name: "alternaterefscommand", kind: "shell", group: "network" },
  { section: "core", sub: "", name: "pager", kind: "shell", group: "pager" },
  { section: "pager", sub: "", name: "*", kind: "shell", group: "pager" },
  { section: "core", sub: "", name: "editor", kind: "shell", group: "editor" },
  { section: "sequence", sub: "", name: "editor", kind: "shell", group: "sequence" },
  { section: "core", sub: "", name: "hookspath", kind: "folder", group: "hooks" },
  { section: "hook", sub: "*", name: "command", kind: "shell", group: "hooks" },
  { section: "credential", sub: "?", name: "helper", kind: "helper", group: "network" },
  { section: "diff", sub: "", name: "external", kind: "shell", group: "diff" },
  { section: "diff", sub: "*", name: "command", kind: "shell", group: "diff" },
  { section: "diff", sub: "*", name: "textconv", kind: "shell", group: "diff" },
  { section: "difftool", sub: "*", name: "cmd", kind: "shell", group: "tools" },
  { section: "difftool", sub: "*", name: "path", kind: "program", group: "tools" },
  { section: "mergetool", sub: "*", name: "cmd", kind: "shell", group: "tools" },
  { section: "mergetool", sub: "*", name: "path", kind: "program", group: "tools" },
  { section: "guitool", sub: "*", name: "cmd", kind: "shell", group: "tools" },
  { section: "filter", sub: "*", name: "clean", kind: "shell", group: "index" },
  { section: "filter", sub: "*", name: "smudge", kind: "shell", group: "index" },
  { section: "filter", sub: "*", name: "process", kind: "shell", group: "index" },
  { section: "merge", sub: "*", name: "driver", kind: "shell", group: "merge" },
  { section: "gpg", sub: "", name: "program", kind: "program", group: "sign" },
  { section: "gpg", sub: "*", name: "program", kind: "program", group: "sign" },
  { section: "gpg", sub: "*", name: "defaultkeycommand", kind: "shell", group: "sign" },
  { section: "interactive", sub: "", name: "difffilter", kind: "shell", group: "patch" },
  { section: "uploadpack", sub: "", name: "packobjectshook", kind: "shell", group: "network" },
  { section: "remote", sub: "*", name: "uploadpack", kind: "shell", group: "network" },
  { section: "remote", sub: "*", name: "receivepack", kind: "shell", group: "network" },
  { section: "remote", sub: "*", name: "vcs", kind: "program", group: "network" },
  { section: "submodule", sub: "*", name: "update", kind: "shell", group: "submodule" },
  { section: "include", sub: "", name: "path", kind: "folder", group: "always" },
  { section: "includeif", sub: "*", name: "path", kind: "folder", group: "always" },
  { section: "init", sub: "", name: "templatedir", kind: "folder", group: "templates" },
  { section: "sendemail", sub: "?", name: "sendmailcmd", kind: "shell", group: "mail" },
  { section: "sendemail", sub: "?", name: "tocmd", kind: "shell", group: "mail" },
  { section: "sendemail", sub: "?", name: "cccmd", kind: "shell", group: "mail" },
  { section: "sendemail", sub: "?", name: "headercmd", kind: "shell", group: "mail" },
  { section: "imap", sub: "", name: "tunnel", kind: "shell", group: "mail" },
  { section: "trailer", sub: "*", name: "command", kind: "shell", group: "editor" },
  { section: "trailer", sub: "*", name: "cmd", kind: "shell", group: "editor" },
  { section: "tar", sub: "*", name: "command", kind: "shell", group: "archive" },
  { section: "browser", sub: "*", name: "cmd", kind: "shell", group: "web" },
  { section: "man", sub: "*", name: "cmd", kind: "shell", group: "web" },
  { section: "gc", sub: "", name: "recentobjectshook", kind: "shell", group: "objects" },
];

export interface CodeVariable {
  readonly name: string;
  readonly kind: CodeKind;
  readonly group: CodeGroup;
}

/** In git's order of preference: of pager, editor and askpass only the first that is set counts. */
export const CODE_VARIABLES: readonly CodeVariable[] = [
  { name: "GIT_SSH_COMMAND", kind: "shell", group: "network" },
  { name: "GIT_SSH", kind: "program", group: "network" },
  { name: "GIT_PROXY_COMMAND", kind: "program", group: "network" },
  { name: "GIT_ASKPASS", kind: "program", group: "network" },
  { name: "SSH_ASKPASS", kind: "program", group: "network" },
  { name: "GIT_EXTERNAL_DIFF", kind: "shell", group: "diff" },
  { name: "GIT_PAGER", kind: "shell", group: "pager" },
  { name: "PAGER", kind: "shell", group: "pager" },
  { name: "GIT_SEQUENCE_EDITOR", kind: "shell", group: "sequence" },
  { name: "GIT_EDITOR", kind: "shell", group: "editor" },
  { name: "VISUAL", kind: "shell", group: "editor" },
  { name: "EDITOR", kind: "shell", group: "editor" },
  { name: "GIT_EXEC_PATH", kind: "folder", group: "always" },
  { name: "GIT_TEMPLATE_DIR", kind: "folder", group: "templates" },
  { name: "GIT_CONFIG_GLOBAL", kind: "folder", group: "always" },
  { name: "GIT_CONFIG_SYSTEM", kind: "folder", group: "always" },
];

/** The row of a normal key (spec/git.md 6.2), or null for a key that carries no code. */
export function codeKeyOf(key: string): CodeKey | null {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  const section = key.slice(0, first);
  const name = key.slice(last + 1);
  const hasSub = last > first;
  return (
    CODE_KEYS.find(
      (known) =>
        known.section === section && (known.name === name || known.name === "*") && (known.sub === "?" || (known.sub === "*") === hasSub),
    ) ?? null
  );
}
