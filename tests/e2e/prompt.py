#!/usr/bin/env python3
"""prompt.py HALLMARK: the prompt of "hallmark query" at a terminal (a pty).  TAP."""
import os
import pty
import re
import select
import signal
import sys
import tempfile
import time

PATIENCE = 20


class Prompt:
    def __init__(self, command, env):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.execve(command[0], command, env)
        self.pid, self.seen = pid, ""

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            got = os.read(self.fd, 65536)
        except OSError:  # the other side was closed
            return False
        self.seen += got.decode("utf-8", "replace")
        return bool(got)

    def text(self):
        """What was seen since the last look, without what moves the cursor."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r|\x1b[=>]", "", self.seen)

    def wait(self, pattern):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if re.search(pattern, self.text()):
                return True
            if not self.read(0.2) and os.waitpid(self.pid, os.WNOHANG)[0]:
                self.pid = 0
                break
        return bool(re.search(pattern, self.text()))

    def say(self, typed, pattern):
        """Type, and wait for what matches; then forget what was seen."""
        os.write(self.fd, typed.encode())
        fine = self.wait(pattern)
        if not fine:
            print("".join(f"# {line}\n" for line in self.text().splitlines()), end="")
        self.seen = ""
        return fine

    def end(self):
        end = time.monotonic() + PATIENCE
        while self.pid and time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            self.read(0.1)
        os.kill(self.pid, signal.SIGKILL)
        return "it did not end"


def main():
    hallmark, tests = os.path.abspath(sys.argv[1]), []

    def check(fine, what):
        tests.append(fine)
        print(f"{'ok' if fine else 'not ok'} {len(tests)} - {what}")

    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "XDG_DATA_HOME": f"{home}/data", "TERM": "xterm", "LANG": "C.UTF-8",
               "PATH": os.environ["PATH"]}
        p = Prompt([hallmark, "query"], env)
        check(p.wait(r"kql> $"), "at a terminal, without a query, there is a prompt")
        p.seen = ""
        check(p.say("print a = 6 * 7;\n", r"\n42\n(.*\n)*kql> $"), "a query ends with ;")
        check(p.say("print b = 5\n", r"   > $"), "without it, more lines may come")
        check(p.say("| extend c = b + 1\n", r"   > $"), "and another one")
        check(p.say("\n", r"\n5  6\n(.*\n)*kql> $"), "an empty line ends the query")
        check(p.say("\x1b[A", r"\| extend c = b \+ 1;$"), "which comes back as a whole")
        check(p.say("\n", r"\n5  6\n(.*\n)*kql> $"), "and runs again")
        check(p.say("let x = 3;\n", r"   > $"), "a let statement is no query yet")
        check(p.say("print y = x * 3;\n", r"\n9\n(.*\n)*kql> $"), "and what follows uses it")
        check(p.say("let f = (a: long) { let b = a;\n", r"   > $"), "nor is what stands in braces")
        check(p.say("b + 1 }; print z = f(1);\n", r"\n2\n(.*\n)*kql> $"), "until they are closed")
        check(p.say("print nothing;\n", r"KS142: (.*\n)*kql> $"), "an error is told, and ends nothing")
        check(p.say("print 'half\n", r"   > $"), "a line is begun")
        check(p.say("of it\x03", r"\^C\n+kql> $"), "Ctrl-C drops what was typed")
        check(p.say("print d = 1 + 1;\n", r"\n2\n(.*\n)*kql> $"), "and what follows is a new query")
        check(p.say("\x1b[A", r"print d = 1 \+ 1;$"), "the last query comes back")
        check(p.say("\x7f\x7f3;\n", r"\n4\n(.*\n)*kql> $"), "and can be changed")
        check(p.say("print e = 'Ünï';\n", r"\nÜnï\n(.*\n)*kql> $"), "letters of all scripts")
        check(p.say("range x from 1 to 2000000000 step 1 | where x % 7 == 8 or tostring(x) has 'z' "
                    "| count;\n", r"count;\n"), "a long query runs")
        time.sleep(1)
        check(p.say("\x03", r"interrupted\n(.*\n)*kql> $"), "Ctrl-C ends it, and not the prompt")
        check(p.say("\x04", r""), "Ctrl-D ends the prompt")
        status = p.end()
        check(status == 0, f"with status 0{'' if status == 0 else f', not {status}'}")
        mode = os.stat(f"{home}/data/hallmark/history").st_mode & 0o777
        check(mode == 0o600, "the history is the user's own")
        p = Prompt([hallmark, "query", "--format", "csv"], env)
        p.wait(r"kql> $")
        check(p.say("\x1b[A\x1b[A\x1b[A", r"d = 1 \+ 3;$"), "the history lasts")
        check(p.say("\n", r"\nd\n4\n(.*\n)*kql> $"), "and a query of it runs again")
        check(p.say("exit\n", r""), "exit ends it too")
        status = p.end()
        check(status == 0, f"with status 0{'' if status == 0 else f', not {status}'}")
    print(f"1..{len(tests)}")


main()
