#!/usr/bin/env python3
"""verdict_keys HALLMARK SOURCE-ROOT: docs/formats/verdict.md says what verify prints.  TAP.

Keys and types of the document's tables are compared with those of the verdicts on files that
the forge makes, both ways; reasons and flags with their .def files.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HALLMARK, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
DOCUMENT = (ROOT / "docs/formats/verdict.md").read_text()
STATES = {word.upper(): word for word in
          ("Valid", "Unsigned", "Invalid", "Untrusted", "Expired", "Revoked", "Unknown")}
SECTIONS = {"file": "The file", "signature": "A signature", "certificate": "A certificate",
            "timestamp": "A timestamp", "fault": "A fault"}
CASES = ("honest", "honest-unsigned", "pe-cut-by-1", "nested-bad", "stamp-pkcs9",
         "stamp-authority-untrusted", "revoked-no-stamp", "entry-stuffed-4096", "sigthief")
count = failures = 0


def check(good, name, why=""):
    global count, failures
    count += 1
    failures += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}{'' if good else f': {why}'}")


def rows(title):
    """Cells of the rows of the table under a heading, the first two lines left out."""
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", DOCUMENT, re.S | re.M)[1]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def type_of(key, value, seen):
    """The type of a value in the document's words; what is in a list is looked at too."""
    if isinstance(value, list):
        inner = {"signatures": "signature", "chain": "certificate", "timestamps": "timestamp",
                 "faults": "fault"}.get(key, "text")
        for each in value:
            if inner != "text":
                look(each, inner, seen)
        return f"list of {inner}"
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int):
        return "number"
    if value is None or re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", value):
        return "time"
    return "text"


def look(thing, kind, seen):
    for key, value in thing.items():
        seen[kind].setdefault(key, set()).add(type_of(key, value, seen))


def printed():
    seen = {kind: {} for kind in SECTIONS}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([HALLMARK, "forge", "--out", folder, *CASES], check=True,
                       stdout=subprocess.DEVNULL)
        files = sorted(map(str, pathlib.Path(folder, "cases").iterdir()))
        roots = sorted(map(str, pathlib.Path(folder, "trust").glob("root.pem")))
        got = subprocess.run([HALLMARK, "verify", "--format", "jsonl", "--trust", roots[0],
                              *files, "nowhere.exe"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, check=False)
    for line in got.stdout.splitlines():
        look(json.loads(line), "file", seen)
    return seen


def keys(seen):
    for kind, title in SECTIONS.items():
        told = {row[0].strip("`"): row[1] for row in rows(title)}
        check(set(told) == set(seen[kind]), f"{title}: the keys",
              sorted(set(told) ^ set(seen[kind])))
        wrong = {key: types for key, types in seen[kind].items() if types != {told.get(key)}}
        check(not wrong, f"{title}: their types", wrong)


def words():
    source = (ROOT / "src/verdict/reasons.def").read_text()
    reasons = [[f"`{word}`", STATES[state], hresult, sentence] for word, state, hresult, sentence in
               re.findall(r'^HM_REASON\(\w+,\s*"([^"]+)",\s*(\w+),\s*(\w+),\s*\d+,\s*"(.*)"\)$',
                          source, re.M)]
    check(rows("States and reasons") == reasons and len(reasons) > 40, "the reasons, in order")
    source = (ROOT / "src/verdict/flags.def").read_text()
    flags = [[f"`{word}`", sentence] for word, sentence in
             re.findall(r'^HM_FLAG\(\w+,\s*"([^"]+)",\s*"(.*)"\)$', source, re.M)]
    check(rows("Flags") == flags and len(flags) > 20, "the flags, in order")


keys(printed())
words()
print(f"1..{count}")
sys.exit(failures != 0)
