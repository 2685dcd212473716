// Code out of the corpus rows that hand code to an interpreter (`-c`, `-e`, here-documents), with the deeds that it stands for.

import { describe, expect, it } from "vitest";
import type { Language } from "../../src/change/deeds.js";
import { showDeeds } from "./show.js";

const ROWS: readonly (readonly [Language, string, readonly string[]])[] = [
  ["python", "import os; os.system('rm -rf /')", ["code:shell 'rm -rf /'"]],
  ["python", "open(chr(46)+'env').read()", ["read '.env'"]],
  ["python", 'import subprocess\nsubprocess.run(["rm", "-rf", "/"])\n', ["command 'rm' '-rf' '/'"]],
  ["python", "open('/etc/passwd','w').write('x')", ["write '/etc/passwd'"]],
  ["python", 'import os; os.system("rm --recursive -f /some/path")', ["code:shell 'rm --recursive -f /some/path'"]],
  ["python", 'import os; os.system("shred -u secret.txt")', ["code:shell 'shred -u secret.txt'"]],
  ["python", 'import os; os.system("find . -delete")', ["code:shell 'find . -delete'"]],
  ["python", "import shutil; shutil.rmtree('/')", ["delete '/' tree"]],
  ["python", "import shutil; shutil.rmtree('/tmp/demo')", ["delete '/tmp/demo' tree"]],
  ["ruby", 'require "fileutils"\nFileUtils.rm_rf("/")\n', ["delete '/' tree"]],
  ["ruby", "FileUtils.rm_rf('/')", ["delete '/' tree"]],
  ["ruby", "require 'fileutils'; FileUtils.rm_rf('/home/u')", ["delete '/home/u' tree"]],
  ["ruby", "puts 'hello'", []],
  ["javascript", "require('child_process').execSync(`rm -rf /`)", ["code:shell 'rm -rf /'"]],
  ["javascript", "rm -rf ~\n", ["opaque unknown_code javascript"]],
  ["javascript", 'console.log("hello world");\n', []],
  ["perl", "print 1", []],
  ["make", "x:;rm -rf ~", ["code:shell 'rm -rf ~'"]],
  ["sed", "s/x/y/w .git/hooks/pre-commit", ["write '.git/hooks/pre-commit'"]],
  ["sed", "s/git reset --hard//g", []],
  ["awk", 'BEGIN{system("rm -rf /")}', ["code:shell 'rm -rf /'"]],
  ["awk", "{print $1}", []],
];

describe("code of the corpus", () => {
  it.each(ROWS)("%s: %s", (language, code, deeds) => {
    expect(showDeeds(language, code)).toEqual(deeds);
  });
});
