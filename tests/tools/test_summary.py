#!/usr/bin/env python3
"""tools/summary counts honestly: test_summary.py SOURCE-ROOT.  Prints TAP."""
import json
import pathlib
import subprocess
import sys
import tempfile

CASES = [
    # what, tests as (result, stdout), last line, status
    ("cases of TAP are counted one by one",
     [("OK", "ok 1 - a\nok 2 - b # SKIP no tool\n1..2\n")], "1 passed, 0 failed, 1 skipped", 0),
    ("a case that failed counts, the others of its test too",
     [("FAIL", "ok 1 - a\nnot ok 2 - b\n1..2\n")], "1 passed, 1 failed", 1),
    ("a test without TAP counts once", [("OK", ""), ("FAIL", "boom")], "1 passed, 1 failed", 1),
    ("a test that died after its last case is a failure",
     [("FAIL", "ok 1 - a\n1..1\n")], "1 passed, 1 failed", 1),
    ("cases that were promised and did not run are a failure",
     [("ERROR", "1..3\nok 1 - a\n")], "1 passed, 1 failed", 1),
    ("a test that died before its plan is a failure",
     [("FAIL", "ok 1 - a\nok 2 - b\n")], "0 passed, 1 failed", 1),
    ("a timeout is a failure", [("TIMEOUT", "")], "0 passed, 1 failed", 1),
    ("a whole test may be skipped", [("OK", "ok 1 - a\n1..1\n"), ("SKIP", "1..0 # SKIP no tool\n")],
     "1 passed, 0 failed, 1 skipped", 0),
    ("nothing run is no success", [], "0 passed, 0 failed", 1),
    ("a hash in a name is no directive", [("OK", "ok 1 - b # not skipped\n1..1\n")],
     "1 passed, 0 failed", 0),
]
summary = pathlib.Path(sys.argv[1]) / "tools" / "summary"
with tempfile.TemporaryDirectory() as folder:
    for number, (what, tests, last, status) in enumerate(CASES, 1):
        log = pathlib.Path(folder) / "testlog.json"
        log.write_text("".join(json.dumps({"name": "t", "result": r, "stdout": out}) + "\n"
                               for r, out in tests))
        got = subprocess.run([summary, log], capture_output=True, text=True, check=False)
        fine = got.stdout.splitlines()[-1] == last and got.returncode == status
        print(f"{'ok' if fine else 'not ok'} {number} - {what}"
              + ("" if fine else f": {got.stdout!r}, status {got.returncode}"))
print(f"1..{len(CASES)}")
