// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the pieces are shell text
// Words of command lines: paths, values, expansions, quotes. What a program's option or operand is given is drawn here.

import type { Dice } from "./dice.js";
import { FOLDERS, LINKS, SCRIPTS } from "./facts.js";
import type { Material } from "./material.js";
import { fromGlob, ODD_NAMES } from "./texts.js";

const PATHS: readonly string[] = [
  ".",
  "..",
  "/",
  "~",
  "-",
  "a",
  "src",
  "src/a.ts",
  "./a",
  "../x",
  "../../etc/passwd",
  "/tmp/x",
  "/tmp",
  "/etc/passwd",
  "/srv/app",
  "/srv/app/",
  "/srv/app/.git/config",
  ".env",
  ".git",
  "node_modules",
  "dist",
  "*.log",
  "src/**",
  "*",
  ".*",
  "[ab]",
  "a b",
  "-rf",
  "--",
  "$HOME",
  "$HOME/x",
  '"$HOME"/.ssh/id_rsa',
  "~/.ssh/id_rsa",
  "~root/x",
  "~+/a",
  "${TMPDIR:-/tmp}/x",
  "$PWD/a",
  "$(pwd)/b",
  "/dev/null",
  "/dev/sda",
  "/dev/fd/3",
  "/proc/self/cwd/a",
  "/proc/1/root/etc",
  "/dev/tcp/h/1",
  "link/a",
  "link/../b",
  "dir/link2",
  "C:\\x",
  "a\\ b",
  "'q r'",
  "{a,b}.c",
  "x{1..3}",
  "/srv/app/../other",
  "//srv//app///x",
  "./././a",
  "a/./../b",
  "/usr/bin/env",
  "$UNSET",
  "$1",
  "$@",
  '"$x"',
  "file:///etc/passwd",
  "git@h.example:o/r.git",
  "host:/path",
  "user@host:x",
  "s3://b/k",
  "[[:alpha:]]*",
  "[!a]b",
  "a[",
  "[]a]",
  "[a-",
  "[[=a=]]",
  "[[.-.]]",
  "[b-a]",
  "[[a",
  "\\[a]",
  "[^a]*",
];
const VALUES: readonly string[] = [
  "1",
  "0",
  "-1",
  "10",
  "a",
  "main",
  "origin",
  "HEAD",
  "HEAD~1",
  "master",
  "x=y",
  "KEY=value",
  "key=a b",
  "name",
  "http://h.example/x",
  "https://localhost:8080/a?b#c",
  "h.example",
  "[::1]:80",
  "127.0.0.1",
  "user:pass@h.example",
  "u+x",
  "777",
  "'*.txt'",
  "'s/a/b/'",
  "@file",
  "@-",
  "-",
  "+refs/heads/a:b",
  ":branch",
  "a..b",
  "a:b",
  "%s",
  "json",
  "yes",
  "true",
  "''",
  '""',
  "$x",
  "${x:-y}",
  "`p`",
  "$((1+2))",
  "'rm -rf /'",
  '"echo hi"',
  "ls",
  "sh",
  "bash -c ls",
];
const CODE: Readonly<Record<string, readonly string[]>> = {
  shell: ["ls", "rm -rf x", "cat .env | sh", "a; b", "echo $1", "cd /; rm *", "if a; then b; fi", "'"],
  python: [
    "print(1)",
    "import os; os.remove('a')",
    "open('x','w').write('y')",
    "import shutil\nshutil.rmtree('/tmp/a')",
    "exec(x)",
    "f'{a}'",
    "import subprocess as s; s.run(['rm','-r','a'])",
    "with open('a') as f: f.read()",
  ],
  javascript: [
    "console.log(1)",
    "require('fs').unlinkSync('a')",
    "require('child_process').execSync(`rm ${x}`)",
    "import('fs')",
    "eval(a)",
    "fs.rmSync('a',{recursive:true})",
  ],
  perl: ["print 1", "unlink 'a'", "system('rm', '-r', $x)", "s/a/b/e", "open(F,'>a')", "`ls`", "$_++"],
  ruby: ["puts 1", "File.delete('a')", "`rm a`", "system 'ls'", "FileUtils.rm_rf 'x'", "%x(ls)"],
  php: ["echo 1;", "unlink('a');", "system($a);", "file_put_contents('x', 1);"],
  awk: ["{print $1}", 'BEGIN{system("rm a")}', '{print > "out"}', '{print | "sh"}', "/a/,/b/", '{getline x < "f"}', "NR==1"],
  sed: ["s/a/b/", "s/a/b/e", "w out", "1,3d", "/x/r f", "s/a/b/w o", "y/a/b/", "$!N;P;D", "1e ls"],
  sql: ["select 1", "DROP TABLE a", "delete from t where 1", "copy t to program 'sh'", "truncate x; select", "-- c\nupdate a set b=1"],
  redis: ["FLUSHALL", "GET a", "eval x 0"],
  mongo: ["db.a.drop()", "db.a.find()"],
  make: ["all:\n\trm a", "x=1", "$(shell ls)"],
  unknown: ["x", "do it"],
};

export function path(dice: Dice, material: Material): string {
  if (dice.once(3) && material.texts.paths.length > 0) return quoted(dice, fromGlob(dice, dice.pick(material.texts.paths), filled));
  if (dice.once(6)) return dice.pick(TOLD) + dice.pick(BELOW);
  return dice.once(12) ? oddPath(dice) : dice.pick(PATHS);
}

/** What facts may speak of: a short line has few paths, and they shall meet. */
const TOLD: readonly string[] = [
  ...LINKS.map(([name]) => name),
  ...FOLDERS,
  ...SCRIPTS,
  ..."/proc/self/cwd /proc/self/root /proc/self/fd /proc/7/cwd /proc/thread-self/root /proc/self/task/1/cwd /proc/self/task/1/root /dev/fd /dev/fd/3 /dev/stdin link dir/link2 x a run.sh .env".split(
    " ",
  ),
];
const BELOW: readonly string[] = ["", "", "", "", "/", "/a", "/../x", "/*", "/.", "/link", "/.env"];

function oddPath(dice: Dice): string {
  return quoted(dice, dice.pick(["", "a/", "/srv/app/", "/tmp/", "~/"]) + dice.pick(ODD_NAMES) + dice.pick(["", "/b", "x"]));
}

/** What stands for a name in a policy's path. */
export function filled(name: string): string {
  if (name === "workspace") return "/srv/app";
  return name === "home" ? "~" : "/tmp";
}

export function value(dice: Dice, material: Material): string {
  if (dice.once(5)) return path(dice, material);
  const { hosts, refs, remotes } = material.texts;
  const globs = dice.pick([hosts, refs, remotes]);
  if (dice.once(4) && globs.length > 0) return quoted(dice, fromGlob(dice, dice.pick(globs), filled));
  return dice.pick(VALUES);
}

/** A word for a role of the catalogue. */
export function wordFor(dice: Dice, role: string, material: Material): string {
  const [kind = "", language = ""] = role.split(":");
  if (dice.once(10)) return value(dice, material);
  if (kind === "code" || kind === "words") return quoted(dice, code(dice, language, material));
  if (kind === "url" || kind === "host" || kind.startsWith("url_"))
    return dice.pick(["http://h.example/a", "https://x.example", "localhost:1", "$URL", "ftp://a/b", "h.example"]);
  if (kind === "assignment")
    return dice.pick([
      "A=1",
      "PATH=/x:$PATH",
      "LD_PRELOAD=./a.so",
      `${dice.pick(material.environment)}=${dice.pick(["x", "./a", "'a b'", "rm"])}`,
    ]);
  if (kind === "command" || kind === "program" || kind === "shell_words")
    return dice.pick(["ls", "rm -rf a", "sh -c 'ls'", "./run.sh", "git push -f", "sudo reboot", "$CMD", "env A=1 rm x"]);
  return dice.once(6) ? value(dice, material) : path(dice, material);
}

export function code(dice: Dice, language: string, material: Material): string {
  const known = CODE[language] ?? CODE.shell ?? [];
  const first = dice.once(3) && language === "shell" && material.lines.length > 0 ? dice.pick(material.lines) : dice.pick(known);
  return dice.once(3) ? first + dice.pick(["; ", "\n", " ", ""]) + dice.pick(known) : first;
}

/** The text as one word, quoted in one of the shell's ways; sometimes left as it is. */
export function quoted(dice: Dice, text: string): string {
  switch (dice.below(6)) {
    case 0:
      return text;
    case 1:
      return `"${text.replaceAll(/["\\$`]/g, "\\$&")}"`;
    case 2:
      return `$'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
    case 3:
      return text.replaceAll(/[^A-Za-z0-9_./~*-]/g, "\\$&");
    default:
      return `'${text.replaceAll("'", "'\\''")}'`;
  }
}
