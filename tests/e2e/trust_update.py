#!/usr/bin/env python3
"""trust_update ENGINE MAKER TRUST: "hallmark trust update" against a server on loopback.

ENGINE is hallmark-engine with an address that the environment replaces; MAKER writes a
made-up list of the disallowed; TRUST holds Microsoft's real list and its roots.  Prints TAP.
"""
import base64
import hashlib
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

ENGINE, MAKER, TRUST = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
LIST, DISALLOWED = "/authrootstl.cab", "/disallowedcertstl.cab"
count = failures = 0


def check(good, name):
    global count, failures
    count += 1
    failures += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}", flush=True)


class Server(http.server.ThreadingHTTPServer):
    """Serves files; asked: paths in order; stop_after: how many roots until it breaks."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.files, self.asked, self.stop_after, self.redirect = {}, [], None, None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is part of the test."""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def roots_asked(self):
        return [path for path in self.asked if path.endswith(".crt")]


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one piece, or each answer waits for an ACK

    def do_GET(self):
        server = self.server
        server.asked.append(self.path)
        body = server.files.get(self.path)
        status = 200 if body is not None else 404
        if server.stop_after is not None and len(server.roots_asked()) > server.stop_after:
            status, body = 503, b""
        if server.redirect == self.path:
            status, body = 302, b""
        self.send_response(status)
        if status == 302:
            self.send_header("Location", server.address + "elsewhere")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *arguments):
        pass


def cabinet(folder, name, content):
    path = pathlib.Path(folder) / name
    path.write_bytes(content)
    out = path.with_suffix(".cab")
    subprocess.run(["gcab", "-c", "-z", "-n", out.name, path.name], cwd=folder, check=True,
                   capture_output=True)
    return out.read_bytes()


def roots():
    text = "".join((TRUST / name).read_text(errors="replace") for name in
                   ("program-roots.pem", "legacy-roots.pem"))
    for block in re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END", text, re.S):
        der = base64.b64decode(block)
        yield "/" + hashlib.sha1(der).hexdigest().upper() + ".crt", der


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.server = Server()
        self.run_maker()
        self.list = (TRUST / "authroot.stl").read_bytes()
        self.disallowed = (self.folder / "disallowedcert.stl").read_bytes()
        self.files = dict(roots())
        self.files[LIST] = cabinet(folder, "authroot.stl", self.list)
        self.files[DISALLOWED] = cabinet(folder, "disallowedcert.stl", self.disallowed)

    def run_maker(self):
        subprocess.run([MAKER, str(self.folder)], check=True)

    def fresh(self, name, own=True):
        """A data folder of its own, the server whole again."""
        self.data = self.folder / name
        self.server.files = dict(self.files)
        self.server.asked, self.server.stop_after, self.server.redirect = [], None, None
        if own:
            self.trust("import", "--own", str(self.folder / "root.pem"))

    def trust(self, *arguments):
        environment = {key: value for key, value in os.environ.items()
                       if not key.lower().endswith("_proxy")}
        environment["HALLMARK_TEST_ADDRESS"] = self.server.address
        self.done = subprocess.run(
            [ENGINE, "trust", arguments[0], "--data", str(self.data), *arguments[1:]],
            capture_output=True, text=True, env=environment)
        return self.done.returncode

    def store(self):
        path = self.data / "trust.store"
        return path.read_bytes() if path.exists() else None

    def says(self, *texts):
        told = self.done.stdout + self.done.stderr
        missing = [text for text in texts if text not in told]
        if missing:
            print(f"# {missing} is not in: {told}".replace("\n", "\n# "))
        return not missing


def whole(b):
    b.fresh("whole")
    check(b.trust("update") == 0 and b.says("roots: 516, of which 516 with certificate, 1 your own",
                                            "root list: of 2026-04-22", "distrusted: 1"),
          "all 515 roots, both lists, and the user's own root stays")
    check(len(b.server.roots_asked()) == 515, "each root is asked for once")
    check(not (b.data / "trust.partial").exists(), "nothing is left behind")
    b.server.asked = []
    check(b.trust("update") == 0 and b.server.asked == [LIST, DISALLOWED],
          "again: the lists only")


def resumed(b):
    b.fresh("resumed")
    before = b.store()
    b.server.stop_after = 100
    check(b.trust("update") == 2 and b.says("the server answers 503", "run it again"),
          "the server breaks off: status 2")
    check(b.store() == before, "the old store stays as it was")
    b.server.asked, b.server.stop_after = [], None
    check(b.trust("update") == 0 and b.says("516 with certificate"), "run again: whole")
    check(len(b.server.roots_asked()) == 415, "only the missing are asked for")


def wrong_root(b):
    b.fresh("wrong")
    names = sorted(name for name in b.files if name.endswith(".crt"))
    b.server.files[names[0]] = b.files[names[1]][:-1] + b"\x00"
    del b.server.files[names[2]]
    check(b.trust("update") == 2 and
          b.says("is not the root that the list names", "the server answers 404"),
          "a root with other bytes, and one that is absent, are named")
    b.trust("show")
    check(b.says("of which 514 with certificate"), "and are not admitted, but the others are")


def own_and_listed(b):
    """A root of the list that the user trusts besides, and distrusts."""
    b.fresh("own", own=True)
    name = sorted(name for name in b.files if name.endswith(".crt"))[5]
    root = b.folder / "listed.crt"
    root.write_bytes(b.files[name])
    thumbprint = name[1:41].lower()

    def listed():
        b.trust("list", "--format", "table")
        return [line for line in b.done.stdout.splitlines() if thumbprint in line]

    b.trust("update")
    before = listed()
    b.trust("import", "--own", str(root))
    check(len(listed()) == 1 and listed()[0].startswith("user's own"), "trusted by the user: named so")
    b.trust("update")
    check(listed()[0].startswith("user's own"), "also after an update")
    check(b.trust("remove", thumbprint) == 0 and listed() == before,
          "removed: the list's word counts again")
    b.trust("import", "--distrust", str(root))
    b.trust("list", "--format", "table")
    check("by yourself" in b.done.stdout and b.trust("remove", str(root)) == 0 and
          b.trust("list", "--format", "table") == 0 and "by yourself" not in b.done.stdout,
          "distrust by file, and its removal")
    before = b.store()
    check(b.trust("remove", thumbprint, str(b.folder / "root.pem")) == 2 and
          b.says("neither trusted nor distrusted", "nothing was changed") and b.store() == before,
          "what was never said cannot be taken back, and then nothing is")


def refused(b, name, path, body, text):
    b.fresh("refused-" + name.replace(" ", "-"))
    before = b.store()
    if body is None:
        del b.server.files[path]
    else:
        b.server.files[path] = body
    check(b.trust("update") == 2 and b.says(text) and b.store() == before, name)


def redirected(b):
    b.fresh("redirected")
    b.server.redirect = LIST
    b.server.files["/elsewhere"] = b.files[LIST]
    check(b.trust("update") == 2 and b.says("the server answers 302") and
          b.server.asked == [LIST], "a redirect is not followed")


def gone(b):
    b.fresh("gone", own=False)
    b.server.shutdown()
    b.server.server_close()
    check(b.trust("update") == 2 and b.store() is None, "no server: status 2, no store")


def main():
    if shutil.which("gcab") is None:
        print("1..0 # SKIP gcab is missing")
        return 0
    if not (TRUST / "authroot.stl").exists():
        print("1..0 # SKIP there is no ../shared/trust")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        b = Bench(folder)
        whole(b)
        resumed(b)
        wrong_root(b)
        own_and_listed(b)
        flipped = bytearray(b.list)
        flipped[len(flipped) // 2] ^= 1
        refused(b, "a list with a bit turned", LIST,
                cabinet(folder, "flipped.stl", bytes(flipped)), "signature does not hold")
        refused(b, "a list that is no list", LIST, cabinet(folder, "none.stl", b"hello"),
                "no list, certificate or revocation list")
        refused(b, "a cabinet that is none", LIST, b"hello" * 100, "is no cabinet")
        refused(b, "a cabinet cut short", LIST, b.files[LIST][:5000], "is no cabinet")
        refused(b, "a cabinet that is too large", LIST, b"\x00" * (9 << 20),
                "larger than it may be")
        refused(b, "a cabinet that unpacks to too much", LIST,
                cabinet(folder, "zeros.stl", b"\x00" * (20 << 20)), "is no cabinet")
        refused(b, "no list of the disallowed", DISALLOWED, None, "the server answers 404")
        refused(b, "the wrong list under that name", LIST, b"", "is no cabinet")
        redirected(b)
        gone(b)
    print(f"1..{count}")
    return failures != 0


sys.exit(main())
