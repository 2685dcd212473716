# Runs a program on a terminal of its own and types what it is told to. Reads one JSON object from standard input:
# {argv, cwd, env, typed: [[wait_for, text], ...], columns?}. `wait_for` is a regular expression on what was shown since the last step; in `text`,
# `{1}` is its first group. Writes {status, shown}. It leaves the tree of its processes, so that what started the tests is not above the program.

import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time

DEADLINE_S = 30

job = json.load(sys.stdin)
parent = os.getpid()
if os.fork() > 0:
    os._exit(0)
os.setsid()
while os.getppid() == parent:
    time.sleep(0.001)

pid, master = pty.fork()
if pid == 0:
    os.chdir(job["cwd"])
    os.execvpe(job["argv"][0], job["argv"], job["env"])

fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, job.get("columns", 120), 0, 0))
shown, since, steps, end = b"", 0, list(job["typed"]), time.monotonic() + DEADLINE_S
while True:
    if time.monotonic() > end:
        os.kill(pid, signal.SIGKILL)
    ready, _, _ = select.select([master], [], [], 0.5)
    if ready:
        try:
            part = os.read(master, 65536)
        except OSError:
            part = b""
        if part == b"":
            break
        shown += part
    while steps:
        found = re.search(steps[0][0].encode(), shown[since:], re.S)
        if found is None:
            break
        text = steps.pop(0)[1]
        since += found.end()
        if found.groups():
            text = text.replace("{1}", found.group(1).decode())
        os.write(master, text.encode())

status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(json.dumps({"status": status, "shown": shown.decode("utf-8", "replace").replace("\r\n", "\n")}))
