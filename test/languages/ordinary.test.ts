// What agents write all day must not be opaque. Each row is code that a reader of CAVRA's kind is tempted to flag.

import { describe, expect, it } from "vitest";
import type { Language } from "../../src/change/deeds.js";
import { showDeeds } from "./show.js";

const HARMLESS: readonly (readonly [Language, string])[] = [
  ["python", "print(1+1)"],
  ["python", 'import json\nprint(json.dumps({"key": "value"}))'],
  ["python", "import json,sys; d=json.load(sys.stdin); print(d['a']['b'])"],
  ["python", "print([x*2 for x in range(10) if x % 2]); print(f\"{1+1:>5} {len('abc')}\")"],
  ["python", "import re,sys\nfor line in sys.stdin:\n    m = re.match(r'^(\\d+)\\s+\"(.*)\"$', line)\n    if m: print(m.group(1), end='')"],
  ["python", "import numpy as np; print(np.__version__); a = np.array([1,2,3]); print(a @ a, a[1:, ...] if a.ndim > 1 else a.mean())"],
  ["python", "print(*[i for i in range(3)], sep='\\n'); print({k: v for k, v in {'a': 1}.items()})"],
  ["python", "import django; django.setup(); from app.models import User; print(User.objects.filter(id=1).first())"],
  ["python", "import torch; print(torch.cuda.is_available()); m = torch.nn.Linear(1,2); m.eval()"],
  ["python", "print(getattr(x, 'y', None)); print(hasattr(x,'z')); setattr(x,'a',1)"],
  ["python", "import sys; print(sys.version_info[:2], sys.path)"],
  ["python", "import socket, platform; print(socket.gethostname(), platform.system())"],
  ["python", "async def main():\n    async with session.get(url) as r: print(await r.text())\nimport asyncio\nasyncio.run(main())"],
  ["python", "x = 5\nmatch x:\n    case 1 | 2: print('a')\n    case _: print('b')"],
  ["python", "import os; print(os.listdir('.'), os.getcwd(), os.environ.get('HOME'), os.path.exists('x'))"],
  ["python", "import base64; print(base64.b64decode('aGVsbG8=').decode())"],
  ["python", "print('x', file=sys.stderr) if a else None; assert a, 'm'; lambda *a, **k: (a, k)"],
  ["javascript", 'console.log("hello world");'],
  ["javascript", "1 + 1"],
  [
    "javascript",
    "process.stdin.on('data', d => process.stdout.write(d)); let s='';process.stdin.on('end',()=>{console.log(JSON.parse(s).x)})",
  ],
  ["javascript", "const m = /a(b)/.exec('ab'); console.log(m[1], re.exec(x), a / b / c)"],
  ["javascript", "class A extends B { #x = 1; static y = 2; get z() { return this.#x } async *g() { yield* h() } }"],
  [
    "javascript",
    "label: for (;;) { break label } do { x++ } while (x < 3); switch (x) { case 1: y(); break; default: z() } var e = `x${`y${1}`}`",
  ],
  ["javascript", "const handlers = {a(){}, b: () => 1}; handlers[name](); arr[i].foo(); arr[0](1)"],
  ["javascript", "console.log(process.env.HOME, process.version, [1,2].map(x => x*2).reduce((a,b) => a+b, 0))"],
  ["javascript", "a = b\n++c\nreturn 1"],
  ["perl", "s/a/b/g"],
  ["perl", "print if /x/ && !/y/i"],
  ["perl", "BEGIN{ $/=undef } while(<>){ s/foo\\/(bar)/$1/g; print }"],
  [
    "perl",
    "@a = sort { $a <=> $b } <STDIN>; print $a[0] // 'none', \"\\n\"; print \"$x->{a}[0] @{$y} ${z} $h{'k'} a\\@x.com 50% done\\n\"",
  ],
  ["perl", "my %h = map { $_ => 1 } @a; print ucfirst(lc('X')) if $a && !$b || $c; $i++ while $i < 10; $s =~ tr/a-z/A-Z/;"],
  ["perl", "use strict; use warnings; use JSON::PP; my $d = decode_json(do { local $/; <STDIN> }); print $d->{a}[0]{b};"],
  ["ruby", "puts 1"],
  ["ruby", "ARGV.each { |f| puts File.basename(f, '.rb') }"],
  ["ruby", 'h = { a: 1, "b" => 2, c: -> (x) { x + 1 } }; h.each { |k, v| puts "#{k}=#{v}" }; puts h[:c].call(2)'],
  ["ruby", "case x when 1 then puts 'a' else puts 'b' end; begin; raise 'x'; rescue => e; puts e.message; ensure; puts 1; end"],
  ["ruby", "puts [3,1].sort_by { -_1 }.inspect; puts (1..5).sum; puts 5.times.map { |i| i ** 2 }.join(','); p(a: 1)"],
  ["ruby", "class Foo < Bar\n  attr_accessor :a\n  def initialize(x) = @a = x\n  def x? = @a > 0\nend"],
  ["php", "echo 1;"],
  ["php", "$d = json_decode(file_get_contents('php://stdin'), true); echo $d['a']['b'] ?? 'none', \"\\n\";"],
  ["php", "array_map(fn($x) => $x * 2, [1,2]); usort($a, fn($x, $y) => $x <=> $y); echo implode(',', array_keys($a));"],
  ["php", "function f(string $a, ?int $b = null): array { return [$a => $b]; } if ($x): echo 1; endif; foreach ($a as [$b, $c]) {}"],
  ["awk", "-F: '{print $1}'".slice(5, -1)],
  ["awk", "!seen[$0]++"],
  ["awk", '$3 > 5 && /foo\\/bar/ { n++; if (n > 3) printf("%s %d\\n", $1, n > 2) } END { for (k in a) print k, a[k] }'],
  ["awk", "BEGIN { for (k in ENVIRON) print k, ENVIRON[k] }"],
  ["sed", "s/a/b/g;/x/d"],
  ["sed", "$!N;s/\\n/ /;P;D"],
  ["sql", "select count(*) from users where a = 'x'; show tables; begin; commit; pragma table_info(a)"],
  ["redis", "GET a\nKEYS *\nINFO"],
  ["mongo", "db.users.find({a: 1}).limit(3).toArray()"],
];

describe("ordinary code gives no deed", () => {
  it.each(HARMLESS)("%s: %s", (language, code) => {
    expect(showDeeds(language, code)).toEqual([]);
  });
});

const FILES_ONLY: readonly (readonly [Language, string, readonly string[]])[] = [
  [
    "python",
    "p='src/a.ts'\ns=open(p).read()\nassert 'x' in s\ns=s.replace('''foo''','''rm -rf / {x}''',1)\nopen(p,'w').write(s)",
    ["read 'src/a.ts'", "write 'src/a.ts'"],
  ],
  ["python", "with open('f') as f: lines = f.readlines()\nwith open('f', 'w') as f: f.writelines(lines[:10])", ["read 'f'", "write 'f'"]],
  ["python", "import ast; ast.parse(open('x.py').read()); print('OK')", ["read 'x.py'"]],
  ["python", "import tomllib; print(tomllib.load(open('pyproject.toml','rb'))['project']['version'])", ["read 'pyproject.toml'"]],
  [
    "javascript",
    "const pkg = JSON.parse(require('fs').readFileSync('package.json','utf8')); console.log(pkg.version)",
    ["read 'package.json'"],
  ],
  ["javascript", "fs.writeFileSync(`out-${Date.now()}.json`, '{}')", ["write 'out-'?"]],
  ["ruby", "require 'json'; data = JSON.parse(File.read('x.json')); puts data['a'].map { |x| x * 2 }.join(', ')", ["read 'x.json'"]],
];

describe("ordinary code that works on files says only the files", () => {
  it.each(FILES_ONLY)("%s: %s", (language, code, deeds) => {
    expect(showDeeds(language, code)).toEqual(deeds);
  });
});
