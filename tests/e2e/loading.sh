#!/bin/sh
# What becomes of rows when things go wrong while they are loaded: a worker that dies, a program
# that is killed, a full disk, two at once, the same again.  loading.sh HALLMARK.  Prints TAP.
set -u
hallmark=$(realpath "$1") number=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cd "$out" || exit 1

# events FIRST LAST: as JSON lines, each told apart by its number.
events() {
	awk -v first="$1" -v last="$2" 'BEGIN { for (i = first; i <= last; i++)
		printf "{\"Timestamp\":\"2024-01-02T03:04:05.%07dZ\",\"ActionType\":\"ProcessCreated\",\"DeviceName\":\"d\",\"FileName\":\"f%d.exe\",\"SHA1\":\"%040d\"}\n", i, i, i }'
}

# A record of 4 MB in which a worker spends its memory.
bomb() {
	awk 'BEGIN { printf "{\"a\":[0"; for (i = 0; i < 1900000; i++) printf ",0"; print "]}" }'
}


# check NAME: passes where the command before did.
check() {
	status=$?
	number=$((number + 1))
	if [ $status = 0 ]; then
		echo "ok $number - $1"
	else
		for log in log*; do sed 's/^/# /' "$log" | head -n 20; done
		echo "not ok $number - $1"
	fi
}

# count FOLDER ROWS
count() {
	[ "$("$hallmark" query --data "$1" --format csv 'DeviceProcessEvents | count' | tail -n 1 | tr -d '\r')" = "$2" ] &&
		[ "$("$hallmark" query --data "$1" --format csv 'DeviceProcessEvents | distinct FileName | count' |
			tail -n 1 | tr -d '\r')" = "$2" ]
}

{ events 1 50; bomb; events 51 53; bomb; events 54 100; } >bombs.jsonl
{ echo "["; events 101 150 | sed 's/$/,/'; bomb; echo ","; events 151 200 | sed 's/$/,/'; echo "0]"; } >bombs.json
"$hallmark" ingest --data one bombs.jsonl bombs.json >log 2>&1
[ $? = 0 ] && count one 200
check "a worker that dies costs the record it died of, in lines and in a list"
[ "$(grep -c 'a worker that read it was lost' one/refused.jsonl)" = 3 ] && grep -q '"line":51,' one/refused.jsonl
check "which is named and kept"
cp one/refused.jsonl before
"$hallmark" ingest --data one --again bombs.jsonl bombs.json >log 2>&1
[ $? = 0 ] && count one 200 && cmp -s one/refused.jsonl before
check "the same again adds nothing, nor to what was refused"

# Two at once, each with files of its own and one that both have.
events 1 1500 >a.jsonl
events 1001 2500 >b.jsonl
"$hallmark" ingest --data two a.jsonl >log-a 2>&1 &
"$hallmark" ingest --data two b.jsonl >log-b 2>&1 && wait $! && count two 2500
check "two at once: nothing is lost, nothing is doubled"

# Killed at any moment, and again from where it was.
i=0
while [ $i -lt 6 ]; do
	events $((i * 400 + 1)) $((i * 400 + 400)) >"part-$i.jsonl"
	i=$((i + 1))
done
for wait in 0.1 0.2 0.4 0.6; do
	"$hallmark" ingest --data killed part-*.jsonl >log 2>&1 &
	sleep $wait
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
done
"$hallmark" ingest --data killed part-*.jsonl >log 2>&1 && count killed 2400
check "killed four times and then let be: nothing is lost, nothing is doubled"

# A disk that is full.
events 1 15000 >large.jsonl
cat >full.sh <<'END'
mount -t tmpfs -o size=3m none disk || exit 1
"$1" ingest --data disk/data large.jsonl >log 2>&1
status=$?
mount -o remount,size=400m none disk
"$1" ingest --data disk/data large.jsonl >log-2 2>&1 || exit 1
"$1" query --data disk/data --format csv 'DeviceProcessEvents | count' >full-rows || exit 1
[ $status = 2 ] && grep -q 'no space left' log
END
mkdir disk
if ! unshare -rm mount -t tmpfs none disk 2>/dev/null; then
	number=$((number + 1))
	echo "ok $number - a full disk # SKIP a file system cannot be mounted here"
else
	unshare -rm sh full.sh "$hallmark" 2>/dev/null &&
		[ "$(tail -n 1 full-rows | tr -d '\r')" = 15000 ]
	check "a full disk is told of, and with room the rest is loaded"
fi
echo "1..$number"
