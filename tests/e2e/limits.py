#!/usr/bin/env python3
"""limits.py HALLMARK: time, Ctrl-C and memory of a query.  TAP."""
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

ENDLESS = "range x from 1 to 1000000000000 step 1 | where tostring(x) has 'z' | count"
ROWS = ("print x = 1 | mv-expand y = range(1, {}) | mv-expand z = range(1, 1000) "
        "| extend s = strcat('row number ', y, z), t = now()")
# What a result that is ten times as long may take more: buffers, not rows.
FLAT_MIB = 64


def main():
    hallmark, tests = os.path.abspath(sys.argv[1]), []

    def check(fine, what, detail=""):
        tests.append(fine)
        if not fine:
            print(f"# {detail}")
        print(f"{'ok' if fine else 'not ok'} {len(tests)} - {what}")

    def query(*arguments, **how):
        return subprocess.Popen([hallmark, "query", *arguments], stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True, **how)

    def watches(process):
        """Wait until a query handles Ctrl-C itself: it blocks SIGINT then, but not SIGTERM, as
        Python and the engine do while they start."""
        while process.poll() is None:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                blocked = [line for line in status if line.startswith("SigBlk")][0].split()[1]
            mask = int(blocked, 16)
            if mask >> (signal.SIGINT - 1) & 1 and not mask >> (signal.SIGTERM - 1) & 1:
                return
            time.sleep(0.05)

    def ends(process, message, what):
        start = time.monotonic()
        error = process.communicate(timeout=60)[1]
        check(process.returncode == 2 and message in error and time.monotonic() - start < 20,
              what, f"status {process.returncode}: {error}")

    def peak_mib(count):
        """Of a query with so many rows, in a child of its own."""
        reader, writer = os.pipe()
        if os.fork() == 0:
            query("--memory", "100", "--format", "jsonl", ROWS.format(count)).wait()
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            os.write(writer, str(peak // 1024).encode())
            os._exit(0)
        os.wait()
        return int(os.read(reader, 32))

    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = home
        ends(query("--timeout", "1", ENDLESS), "out of time", "--timeout ends a query")
        process = query(ENDLESS)
        watches(process)
        process.send_signal(signal.SIGINT)
        ends(process, "interrupted", "Ctrl-C ends a query")
        ends(query("--timeout", "1", "-o", f"{home}/out.csv", ENDLESS), "out of time",
             "--timeout ends a query that writes a file")
        check(os.listdir(home) == ["hallmark"], "and nothing of the file is left")
        ends(query("--memory", "20", "range x from 1 to 300000 step 1 | summarize make_list(strcat"
                   "('a value that takes some room ', x)) | project strlen(tostring(list_))"),
             "more memory than it is allowed", "--memory ends a query that needs more")
        few, many = peak_mib(30), peak_mib(300)
        check(many - few < FLAT_MIB, "rows stream: ten times as many take no more memory",
              f"{few} MiB, and {many} MiB for ten times the rows")
        print(f"# {few} MiB for 30,000 rows, {many} MiB for 300,000")
    print(f"1..{len(tests)}")


main()
