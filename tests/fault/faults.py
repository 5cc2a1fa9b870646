#!/usr/bin/env python3
"""faults HALLMARK SHIM [STEP [KIND...]]: the program itself when a call of the system fails.  TAP.

"hallmark verify" judges a signed program, a stolen signature and a program without one, while
the N-th allocation, read, message, mapping, ... fails, in it or in its workers: for every
STEP-th N, once and from then on.  It must end by itself and in time, say by its exit status
when something could not be done, and never call bad what is good or good what is bad.
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

# honest, a stolen signature, none: what each must be called, or Unknown.
RIGHT = {"honest.exe": "Valid", "sigthief.exe": "Invalid", "honest-unsigned.exe": "Unsigned"}
KINDS = ["memory", "read", "short", "send", "receive", "map", "stat", "open", "fork", "poll"]
SECONDS, MOST, FAILED = 10, 20000, 2


class Faults:
    def __init__(self, hallmark, shim, folder):
        self.folder, self.state = folder, folder / "count"
        self.environment = {**os.environ, "LD_PRELOAD": shim, "FAULT_STATE": str(self.state)}
        self.command = [hallmark, "verify", "--format", "jsonl", "--at", "2026-06-01", "--data",
                        str(folder / "data"), "--trust", str(folder / "trust/root.pem"),
                        *(str(folder / "cases" / name) for name in RIGHT)]

    def run(self, kind, at, sticky):
        """Whether the call was reached, and what is wrong with the answer."""
        self.state.write_bytes(bytes(8))
        environment = {**self.environment, "FAULT_KIND": kind, "FAULT_AT": str(at),
                       "FAULT_STICKY": "1" if sticky else "0"}
        try:
            got = subprocess.run(self.command, env=environment, capture_output=True,
                                 timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return True, "does not end"
        calls, = struct.unpack("Q", self.state.read_bytes())
        return calls >= at, wrong(got)


def wrong(got):
    """Empty where the answer is right, or none and said so."""
    if got.returncode < 0:
        return f"signal {-got.returncode}"
    told = 0
    for line in got.stdout.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            if got.returncode == FAILED:
                continue  # cut short, and said so
            return "half a line, and success"
        right = RIGHT[pathlib.Path(row["path"]).name]
        if row["state"] not in (right, "Unknown"):
            return f"{right} is called {row['state']}"
        told += row["state"] == right
    if told < len(RIGHT) and got.returncode != FAILED:
        return f"exit status {got.returncode} with {told} of {len(RIGHT)} answers"
    return ""


def main():
    hallmark, shim = sys.argv[1:3]
    step = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    count = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run([hallmark, "forge", "--out", str(folder),
                        *(name.removesuffix(".exe") for name in RIGHT)], check=True,
                       stdout=subprocess.DEVNULL)
        faults = Faults(hallmark, shim, folder)
        for kind in sys.argv[4:] or KINDS:
            for sticky in (False, True):
                runs, bad = 0, []
                for at in range(1, MOST, step if kind == "memory" else 1):
                    reached, why = faults.run(kind, at, sticky)
                    if why:
                        bad.append(f"{at}: {why}")
                    if not reached:
                        break
                    runs += 1
                count += 1
                if runs == 0:
                    bad.append("nothing failed: is the shim there?")
                print(f"{'not ok' if bad else 'ok'} {count} - {kind} fails "
                      f"{'from then on' if sticky else 'once'}: {runs} places"
                      + "".join(f"; {text}" for text in bad[:5]), flush=True)
    print(f"1..{count}")


main()
