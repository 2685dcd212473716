// The policy files that `cavra init` and `cavra policy init` write: small, commented, and valid as they stand (a test proves it).

/** For a repository: it can only tighten what the host decided. */
export const WORKSPACE_TEMPLATE = `# This repository's policy. It can only tighten what each person's own host policy says; \`cavra policy validate\` checks it.
schema_version: cavra.policy.v1
id: this-repository
version: 1.0.0
description: What agents may not do here, over and above the host's policy.
# Take the # away, and put the rules of your repository here.
# rules:
#   - id: repository.migrations
#     match: { effect: [write, delete], path: ["db/migrations/**"] }
#     verdict: require_approval
#     severity: medium
#     reason: A migration changes data that cannot be brought back.
#     instead: Write the migration as a proposal in the pull request.
`;

/** For a host: inherits the baseline and is the place for exceptions. */
export const HOST_TEMPLATE = `# Your policy on this machine. \`cavra policy describe\` shows all that it inherits; \`cavra policy validate FILE\` checks it.
schema_version: cavra.policy.v1
id: host
version: 1.0.0
description: The baseline, with this host's own rules and exceptions.
inherits: [cavra-ai-agent-baseline]
# Take the # away to make an exception; it holds until its end, and every use of it is recorded.
# exceptions:
#   - rule: git.push_shared
#     match: { effect: git, operation: push, ref: main }
#     reason: Nobody else works on this machine's repositories.
#     until: 2027-01-31T00:00:00Z
`;

/**
 * The same, standing on these packs instead of the baseline, which each of them brings along. `guarded`: globs of what CAVRA keeps where the packs do
 * not look for it.
 */
export function hostTemplate(packs: readonly string[], guarded: readonly string[]): string {
  const template =
    packs.length === 0
      ? HOST_TEMPLATE
      : HOST_TEMPLATE.replace("inherits: [cavra-ai-agent-baseline]", () => `inherits: [${packs.join(", ")}]`);
  if (guarded.length === 0) return template;
  const globs = JSON.stringify(guarded);
  return `${template}${GUARD_RULE}      - { effect: [write, delete], path: ${globs} }
      - { effect: operate, system: keys, operation: use, target: ${globs} }
`;
}

const GUARD_RULE = `# On this machine CAVRA keeps its own files where the packs above do not look for them.
rules:
  - id: host.guard_files
    verdict: deny
    severity: critical
    overridable: never
    reason: this changes what watches the agent or signs with its keys, and only a person may do that
    match:
`;
