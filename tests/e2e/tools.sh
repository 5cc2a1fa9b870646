#!/bin/sh
# schema, lint and query as a person uses them: forms, messages and exit statuses.
# tools.sh HALLMARK.  Prints TAP.
set -u
hallmark=$(realpath "$1") number=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export XDG_DATA_HOME="$out/none"
cd "$out" || exit 1

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

check "schema lists the tables" 0 '^DeviceProcessEvents  *[0-9]* ' "$hallmark" schema
check "schema of a table, its name in any case" 0 \
	'^SignatureState  *string  *hallmark  *Valid, Unsigned' "$hallmark" schema devicefilecertificateinfo
check "a table that is none is named" 2 '^hallmark: no table "Devices"' "$hallmark" schema Devices
check "schema as JSON lines" 0 '^{"table":"DeviceEvents","name":"RemotePort","type":"int","from":"defender"' \
	"$hallmark" schema --format jsonl
check "schema as JSON" 0 '^\[{"table":"DeviceEvents",.*}\]$' "$hallmark" schema --format json DeviceEvents
check "a form that is none is named" 2 'none of table' "$hallmark" schema --format csv
echo "1..$number"
