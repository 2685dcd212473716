// What the command lines of GitHub and GitLab ask for, by spec/catalogue/forge.yaml.

import { describe, expect, it } from "vitest";
import { readProgram } from "../../src/change/programs/index.js";
import { callOf, catalogueInSpec, showDeed, words } from "../catalogue/table.js";

const catalogue = catalogueInSpec();

const ROWS: readonly (readonly [string, string])[] = [
  ["gh pr view 3", ""],
  ["gh auth status", ""],
  ["gh auth status --show-token", "operate github read_secret token"],
  ['gh issue create --body "Run: git commit -m x"', 'operate github post ""'],
  ["gh issue create -t x -F body.md", 'operate github post ""; read body.md'],
  ["gh issue comment 3 -F -", "operate github post 3"],
  ["gh issue comment 3 --delete-last --yes", "operate github delete 3"],
  ["gh pr create --dry-run", ""],
  ["gh pr create --fill", 'operate github post ""'],
  ["gh pr merge 3 --squash -d", "operate github merge 3"],
  ["gh pr review 3 --approve", "operate github grant 3"],
  ["gh pr diff", ""],
  ["gh repo clone o/r dir", "receive github.com none; write dir tree"],
  ["gh repo delete o/r --yes", "operate github delete o/r"],
  ["gh repo create x --public", "operate github publish x"],
  ["gh repo edit --visibility public", 'operate github publish ""'],
  ["gh repo deploy-key add k.pub -w", "operate github grant deploy-key; read k.pub"],
  ["gh -R o/r release delete v1", "operate github delete v1"],
  ["gh release create v1 dist/a.tgz", "operate github publish v1; read dist/a.tgz"],
  ["gh release download v1 -D out", "receive github.com none; write out tree"],
  ["gh api repos/o/r", ""],
  ["gh api -X DELETE repos/o/r", "operate github delete repos/o/r"],
  ["gh api -XDELETE repos/o/r", "operate github delete repos/o/r"],
  ["gh api --method PATCH repos/o/r -f a=b", "operate github change repos/o/r"],
  ["gh api repos/o/r/issues -f title=x", "operate github post repos/o/r/issues"],
  ["gh api repos/o/r --input body.json", "operate github post repos/o/r; read body.json"],
  ["gh api graphql -f query='query{x}'", ""],
  ["gh api graphql -f query='mutation{x}'", "operate github change graphql"],
  ["gh api -X $m repos/o/r", "operate github delete repos/o/r; operate github change repos/o/r"],
  ["gh secret set TOKEN -b x", "operate github change TOKEN"],
  ["gh secret set -f .env", 'operate github change ""; read .env'],
  ["gh secret list", ""],
  ["gh secret delete A", "operate github delete A"],
  ["gh variable set A", "operate github change A"],
  ["gh auth token", "operate github read_secret token"],
  ["gh workflow run ci.yml", "operate github run ci.yml"],
  ["gh run list --json a", ""],
  ["gh gist create .env", "send gist.github.com derived; operate github publish gist; read .env"],
  ["gh extension install o/x", "operate github install o/x"],
  ["gh alias set x pr", "operate github configure alias"],
  ["gh alias set -s x 'rm -rf /'", 'operate github configure alias; code:shell "rm -rf /"'],
  ["gh config set editor ./x", "operate github configure editor; code:shell ./x"],
  ["gh codespace ssh -- ls", "code:shell ls @elsewhere"],
  ["gh $x", "opaque unknown_subcommand"],
  ["glab mr list", ""],
  ["glab mr merge 3", "operate gitlab merge 3"],
  ["glab mr create -f", 'operate gitlab post ""'],
  ["glab api -X DELETE x", "operate gitlab delete x"],
  ["glab variable get T", "operate gitlab read_secret T"],
  ["glab ci run", 'operate gitlab run ""'],
  ["glab repo delete x", "operate gitlab delete x"],
  ["glab alias set -s x 'rm -rf /'", 'operate gitlab configure alias; code:shell "rm -rf /"'],
  ["glab release create v1 a", "operate gitlab publish v1; read a"],
];

describe("forges", () => {
  it.each(ROWS)("%s", (line, expected) => {
    const reading = readProgram(callOf(catalogue, words(line)));
    expect(reading.deeds.map(showDeed).join("; ")).toBe(expected);
  });
});
