#!/bin/sh
# The demonstration comes out as it must, twice in one folder; and two commands at once on one
# data folder both finish, with nothing lost.  demo.sh SOURCE-ROOT HALLMARK.  Prints TAP.
set -u
root=$(realpath "$1") hallmark=$(realpath "$2")
[ -e "$root/.deps/real/deb:python3-distlib=0.3.6-1" ] || { echo "1..0 # SKIP real files are not fetched"; exit 0; }
command -v osslsigncode >/dev/null || { echo "1..0 # SKIP osslsigncode is not installed"; exit 0; }
out=$(mktemp -d) number=0
trap 'rm -rf "$out"' EXIT

# check NAME COMMAND...
check() {
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$out/log" 2>&1; then
		echo "ok $number - $name"
	else
		tail -n 40 "$out/log" | sed 's/^/# /'
		echo "not ok $number - $name"
	fi
}

# both STATUS:COMMAND STATUS:COMMAND: the two at once; each must end with its status.
both() {
	(sh -c "${1#*:}"; [ $? = "${1%%:*}" ]) &
	first=$!
	sh -c "${2#*:}"
	[ $? = "${2%%:*}" ] && wait $first
}

# rows QUERY COUNT
rows() {
	"$hallmark" query --data "$out/two" --format csv "$1" >"$out/rows"
	cat "$out/rows"
	[ "$(tail -n 1 "$out/rows" | tr -d '\r')" = "$2" ]
}

check "the demonstration comes out as it must" "$root/demo/run" "$out/one" "$hallmark"
check "and once more in the same folder" "$root/demo/run" "$out/one" "$hallmark"
cd "$out/one" || exit 1
check "two commands at once on one data folder both finish" both \
	"1:$hallmark scan --data $out/two bin" "0:$hallmark ingest --data $out/two events.jsonl"
check "and so do two that do the same" both \
	"1:$hallmark scan --data $out/two bin" "1:$hallmark scan --data $out/two bin"
check "no certificate row was lost" rows "DeviceFileCertificateInfo | count" 15
check "no event was lost, and none is there twice" rows "DeviceProcessEvents | count" 5
echo "1..$number"
