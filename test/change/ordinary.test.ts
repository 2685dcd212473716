// What gets guards uninstalled: text that only mentions a command, and everyday lines. They have no opaque effect, delete nothing, and leave the workspace alone.

import { expect, test } from "vitest";
import { withoutSpan } from "./compact.js";
import { effectsOf } from "./setting.js";

const LINES: readonly string[] = [
  "cd x && git status 2>/dev/null | head",
  "echo 'rm -rf /'",
  'echo "example: git reset --hard"',
  "# rm -rf /",
  "echo hi # rm -rf /",
  "grep -rn 'rm -rf /' src | head -20",
  "rg 'find .* -delete' file.txt",
  "git commit -m 'fix rm -rf / detection'",
  "git commit -F - <<'EOF'\nrm -rf / is prose\nEOF",
  "gh pr create --title x --body-file - <<'EOF'\nrm -rf ~ is prose\nEOF",
  "cat > notes.md <<'EOF'\nbash -c \"rm -rf ~/x\"\n$(rm -rf /)\nEOF",
  "cat <<'EOF'\nrm -rf $HOME\nEOF",
  "wc -l <<'EOF'\nrm -rf /\nEOF",
  "W='rm -rf ~'; echo \"$W\"",
  "cleanup() { rm -rf ../outside; }",
  "[ -f x ] && echo yes || echo no",
  'for f in a b; do [ -f "$f" ] && echo "$f"; done',
  "test -x /usr/bin/git && echo exists",
  "command -v rm -rf /",
  "type -a rm",
  "man rm",
  "bash script.sh --rm -rf /",
  "python3 script.py",
  "python3 -c 'print(1+1)'",
  "node -e 'console.log(1)'",
  "npm test 2>&1 | tail -20",
  "ls -la | sort | uniq -c | sort -rn | head",
  "find . -name '*.ts' | xargs grep -l foo",
  "find . -name '*.ts' -exec grep -l foo {} +",
  'while read -r line; do echo "$line"; done < file.txt',
  'for f in $(git ls-files); do wc -l "$f"; done',
  "diff <(sort a) <(sort b)",
  'x=$(date +%s); echo "$x"',
  "export FOO=bar; echo $FOO",
  "set -euo pipefail; ls",
  "source .venv/bin/activate && pytest -q",
  "echo $((1 + 2))",
  "if ! git diff --quiet; then echo changed; fi",
  "git log --grep=push --format='%H %s' | head -5",
  "sed -n 's/git reset --hard//p' docs/notes.txt",
  "awk '{print $1}' file | sort -u",
  "time make build",
  "true && (cd sub && ls) || echo no",
  "printf '%s\\n' a b c | wc -l",
  "echo done > /dev/null 2>&1",
  "VAR=1 make test",
  "gcc main.c -o main && ./main",
  'f=$(mktemp -p .) && echo x > "$f" && cat "$f"',
  "tar xf a.tgz && ./configure",
  "unzip x.zip && cd x && ./run.sh",
  "git clone https://a.example/x && cd x && make",
  "git pull && ./scripts/build.sh",
  "cp ../x.sh . && ./x.sh",
  "protoc --go_out=. a.proto && ./gen",
  "./gen.sh > out.sh && cat out.sh",
  "psql app < schema.sql",
  "bash < scripts/x.sh",
  "source <(kubectl completion bash)",
  'eval "$(ssh-agent -s)"',
  "source ~/.nvm/nvm.sh && nvm use 20",
  "rsync -e 'ssh -p 22' a b",
  "tar -I zstd -cf x.tar.zst src",
  "sort --compress-program=zstd f",
  "PAGER=cat gh pr view 1",
  "make SHELL=/bin/bash build",
  "scp -S ssh a b",
  "LD_PRELOAD=./libx.so ./a",
  "time cd sub && ls",
  "yarn build && yarn format",
];

for (const line of LINES) {
  test(`${JSON.stringify(line)} is ordinary`, () => {
    const strange = effectsOf(line).filter(
      (effect) =>
        effect.kind === "opaque" ||
        effect.kind === "delete" ||
        (effect.kind === "write" && !effect.target.startsWith("/srv/app")) ||
        (effect.kind === "exec" && effect.program === "rm"),
    );
    expect(strange.map(withoutSpan)).toEqual([]);
  });
}
