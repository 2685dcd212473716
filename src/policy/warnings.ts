// What is not wrong with a pack and will not do what its author thinks. Implements spec/policy.md 2.11.
// Nothing here keeps a pack from being used: an exception that ended is passed over by the judge, and a dead rule matches nothing.

import { compareBytes, type Problem } from "../base/index.js";
import type { Rulebook } from "./model.js";
import type { Pack, PackException } from "./pack.js";
import { inOrder } from "./problems.js";
import { isIdle, standings } from "./reasoning/index.js";

/** `now` and `soon` are moments as `until` has them. `rulebook` is the pack with all that it inherits, or is laid over. */
export function warningsOf(
  pack: Pack,
  rulebook: Rulebook,
  { now, soon }: { readonly now: string; readonly soon: string },
): readonly Problem[] {
  return inOrder([
    ...pack.exceptions.flatMap((exception) => endOf(exception, now, soon)),
    ...pack.exceptions.filter((exception) => takesNothing(exception, rulebook)).map(idle),
    ...deadRules(pack, rulebook),
  ]);
}

function endOf({ rule, until, at }: PackException, now: string, soon: string): readonly Problem[] {
  if (until === "" || compareBytes(until, soon) > 0) return [];
  return compareBytes(until, now) <= 0
    ? [
        {
          code: "exception_ended",
          message: `the exception to \`${rule}\` ended at ${until} and counts no more`,
          at,
          hint: "take it out, or give it a new end",
        },
      ]
    : [
        {
          code: "exception_ends_soon",
          message: `the exception to \`${rule}\` ends at ${until}`,
          at,
          hint: "give it a new end if it is still needed",
        },
      ];
}

function takesNothing({ rule: id, match }: PackException, rulebook: Rulebook): boolean {
  const rule = rulebook.rules.find((one) => one.id === id);
  return rule !== undefined && isIdle(rule, match, rulebook);
}

function idle({ rule, at }: PackException): Problem {
  return {
    code: "idle_exception",
    message: `the exception takes nothing from \`${rule}\`: nothing that it matches is matched by the rule`,
    at,
    hint: `\`cavra policy describe\` shows the rule`,
  };
}

function deadRules(pack: Pack, rulebook: Rulebook): readonly Problem[] {
  const places = new Map(pack.rules.map(({ id, at }) => [id, at]));
  return standings(rulebook).flatMap(({ rule, standing, why, dead_clauses }): readonly Problem[] => {
    const at = places.get(rule);
    if (at === undefined) return [];
    if (standing === "dead") return [{ code: "dead_rule", message: `rule \`${rule}\` can never match: ${why}`, at }];
    return dead_clauses.map((index) => ({ code: "dead_clause", message: `\`match[${index}]\` of rule \`${rule}\` can never hold`, at }));
  });
}
