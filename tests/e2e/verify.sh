#!/bin/sh
# verify and explain as a person uses them: states, forms, messages and exit statuses, on files
# that the forge makes.  verify.sh HALLMARK.  Prints TAP.
set -u
hallmark=$(realpath "$1") number=0
out=$(mktemp -d)
trap 'chmod -R u+rwx "$out"; rm -rf "$out"' EXIT
export XDG_DATA_HOME="$out/none"
"$hallmark" forge --out "$out/made" >"$out/log" 2>&1 || { cat "$out/log"; exit 1; }
cd "$out/made/cases" || exit 1
root=$out/made/trust/root.pem
at="--at 2026-06-01 --trust $root"

# check NAME STATUS PATTERN COMMAND...: the exit status, and a basic regular expression that a
# line of what is printed (both streams) matches.
check() {
	name=$1 status=$2 pattern=$3
	shift 3
	number=$((number + 1))
	"$@" >"$out/log" 2>&1 </dev/null
	got=$?
	if [ $got = "$status" ] && grep -q -e "$pattern" "$out/log"; then
		echo "ok $number - $name"
	else
		sed 's/^/# /' "$out/log" | head -n 20
		echo "not ok $number - $name: status $got"
	fi
}

check "an honest file is Valid" 0 '^Valid .*honest.exe$' "$hallmark" verify $at honest.exe
check "options may follow files" 0 '^Valid ' "$hallmark" verify honest.exe $at
check "a changed one is Invalid" 1 '^Invalid .*pe-flip-machine.exe: is not the file' \
	"$hallmark" verify $at pe-flip-machine.exe
check "without its root it is Untrusted" 1 '^Untrusted ' "$hallmark" verify --at 2026-06-01 honest.exe
check "an unsigned one is no finding" 0 '^Unsigned ' "$hallmark" verify $at honest-unsigned.exe
check "the worst of several counts" 1 '^Invalid ' "$hallmark" verify $at honest.exe pe-flip-machine.exe

check "a missing file is named" 2 '^hallmark: nothing.exe: No such file' "$hallmark" verify nothing.exe
check "failing wins over finding" 2 '^Invalid ' "$hallmark" verify $at nothing.exe pe-flip-machine.exe
check "a folder is not a file" 2 'is a folder' "$hallmark" verify .
check "unless asked to recurse; a kind that is not judged counts as failing" 2 '^Invalid ' "$hallmark" verify $at -r .
mkfifo "$out/pipe.exe"
check "a pipe is left alone" 2 'is not a regular file' "$hallmark" verify "$out/pipe.exe"
: >"$out/empty.exe"
check "an empty file is Unsigned" 0 '"reason":"empty-file".*0x800B0003' \
	"$hallmark" verify -f jsonl "$out/empty.exe"
echo text >"$out/text.txt"
check "so is a text" 0 '"state":"Unsigned","reason":"not-signable"' \
	"$hallmark" verify -f jsonl "$out/text.txt"
head -c 1500 honest.exe >"$out/cut.exe"
check "a program cut short is Invalid" 1 '^Invalid ' "$hallmark" verify $at "$out/cut.exe"
if [ "$(id -u)" = 0 ]; then
	number=$((number + 1))
	echo "ok $number - a file without permission # SKIP root may read all"
else
	cp honest.exe "$out/locked.exe" && chmod 0 "$out/locked.exe"
	check "a file without permission" 2 'Permission denied' "$hallmark" verify "$out/locked.exe"
fi
cp honest.exe "$out/$(printf 'a\033[31m\nb.exe')"
check "a name with control characters is escaped" 0 'a.u001b\[31m.u000ab.exe$' \
	"$hallmark" verify $at -r "$out/a$(printf '\033')[31m
b.exe"

check "no file is a mistake" 2 'verify needs a file' "$hallmark" verify
check "so is an unknown option" 2 'no option --wat' "$hallmark" verify --wat x
check "an unknown form" 2 'no form "xml"' "$hallmark" verify -f xml honest.exe
check "and a bad time" 2 'is no time' "$hallmark" verify --at yesterday honest.exe
check "a trust file that is none" 2 'hallmark: --trust' "$hallmark" verify --trust "$out/text.txt" honest.exe
check "help is printed" 0 '^usage: hallmark verify' "$hallmark" verify -h

check "JSON is one array" 0 '^\[$' "$hallmark" verify $at -f json honest.exe
check "jsonl has the promised keys" 0 \
	'"path":.*"sha1":.*"sha256":.*"format":"PE".*"state":"Valid".*"reason":"signed".*"hresult":"0x00000000".*"signer":.*"issuer":.*"timestamp":"20' \
	"$hallmark" verify $at -f jsonl honest.exe
check "CSV has a header" 0 '^path,state,reason,hresult,' "$hallmark" verify $at -f csv honest.exe
check "sigcheck's header" 0 \
	'^Path,Verified,Date,Publisher,Company,Description,Product,Product Version,File Version,Machine Type,MD5,SHA1,PESHA1,PESHA256,SHA256,IMP$' \
	"$hallmark" verify $at -f sigcheck honest.exe
check "sigcheck's words" 1 '"The digital signature of the object did not verify."' \
	"$hallmark" verify $at -f sigcheck pe-flip-machine.exe
check "Elastic's words" 1 '"valid":false,"trusted":false,"status":"errorBadDigest"' \
	"$hallmark" verify $at -f ecs pe-flip-machine.exe
check "OCSF's state" 1 '"state_id":9' "$hallmark" verify $at -f ocsf pe-flip-machine.exe
check "explain tells why" 1 'made for other bytes than these\|Digest:' \
	"$hallmark" explain $at pe-flip-machine.exe
check "explain draws the chain" 0 '└─' "$hallmark" explain $at honest.exe

number=$((number + 1))
if [ -e /dev/full ] && "$hallmark" verify $at honest.exe >/dev/full 2>"$out/log"; then
	echo "not ok $number - a full disk is told"
else
	grep -q 'standard output: ' "$out/log" && echo "ok $number - a full disk is told" ||
		echo "not ok $number - a full disk is told"
fi
number=$((number + 1))
if "$hallmark" verify $at - <honest.exe | grep -q '^Valid .* -$' &&
	cat honest.exe | "$hallmark" verify $at - | grep -q '^Valid .* -$'; then
	echo "ok $number - standard input, a file and a pipe"
else
	echo "not ok $number - standard input, a file and a pipe"
fi
# Without those descriptors nothing else may get their numbers.
check "standard input that is closed is named" 2 'standard input: Bad file descriptor' \
	timeout 20 sh -c "exec \"\$0\" verify - <&-" "$hallmark"
check "standard output that is closed is named" 2 'standard output: ' \
	timeout 20 sh -c "exec \"\$0\" verify honest.exe >&-" "$hallmark"
check "a lower limit on open files is kept" 0 '^Valid ' \
	sh -c 'ulimit -n 40; exec "$@"' sh "$hallmark" verify $at honest.exe
echo "1..$number"
