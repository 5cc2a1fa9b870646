#!/bin/sh
# schema, lint and query as a person uses them: forms, messages and exit statuses.
# tools.sh HALLMARK.  Prints TAP.
set -u
hallmark=$(realpath "$1") number=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export XDG_DATA_HOME="$out/none"
cd "$out" || exit 1

# matches PATTERN: a line of what was printed matches it; nothing was printed, for an empty one.
matches() {
	if [ -n "$1" ]; then grep -q -e "$1" "$out/log"; else [ ! -s "$out/log" ]; fi
}

# check NAME STATUS PATTERN COMMAND...: the exit status, and a basic regular expression that a
# line of what is printed (both streams) matches.
check() {
	name=$1 status=$2 pattern=$3
	shift 3
	number=$((number + 1))
	"$@" >"$out/log" 2>&1 </dev/null
	got=$?
	if [ $got = "$status" ] && matches "$pattern"; then
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
cat >fine.kql <<'END'
DeviceFileCertificateInfo | where IsSigned and not(IsTrusted) | project Timestamp, SHA1, Signer
END
mkdir rules && printf 'DeviceFileCertificateInfo\n| where Signr == "x"' >rules/bad.kql && echo words >rules/notes.txt
check "a query without a fault" 0 '' "$hallmark" lint --dialect defender fine.kql
check "a fault has file, line, column and code" 1 '^rules/bad.kql:2:9: KS142: ' "$hallmark" lint fine.kql rules/bad.kql
check "in a folder, only queries are looked at" 1 '^rules/bad.kql:2:9: ' "$hallmark" lint rules
check "findings as JSON lines" 1 '^{"file":"rules/bad.kql","line":2,"column":9,"code":"KS142","message":' \
	"$hallmark" lint --format jsonl rules
check "a code is left out" 0 '' "$hallmark" lint --ignore KS142 rules
check "a file that is not there" 2 '^hallmark: nothing.kql: No such file' "$hallmark" lint nothing.kql rules
printf 'print "\377"' >latin.kql
check "a file that is no text" 2 '^hallmark: latin.kql: not UTF-8' "$hallmark" lint latin.kql
check "a dialect that is none" 2 'none of hallmark, defender' "$hallmark" lint --dialect splunk fine.kql
printf '{"Logs":{"A":"string"}}' >more.json
echo 'Logs | where A has "x"' >logs.kql
check "tables of a schema file" 0 '' "$hallmark" lint --schema more.json logs.kql
check "which are unknown without it" 1 'KS204' "$hallmark" lint logs.kql
check "no file" 2 'name the files' "$hallmark" lint
query="$hallmark query"
# what CMD... prints, in full
prints() {
	number=$((number + 1))
	name=$1 want=$2
	shift 2
	got=$("$@" 2>&1 </dev/null | sed 's/\r$/CR/')
	if [ "$got" = "$want" ]; then
		echo "ok $number - $name"
	else
		printf '%s\n' "$got" | sed 's/^/# /'
		echo "not ok $number - $name"
	fi
}

prints "csv: quotes, commas, lines and nulls" 'a,b,c,dCR
"x,y","say ""so""","1
2",CR' $query --format csv 'print a = "x,y", b = "say \"so\"", c = "1\n2", d = long(null)'
prints "csv: a record of nothing is no empty line" 'aCR
""CR' $query --format csv 'print a = long(null)'
prints "jsonl: what JSON must escape" '{"a":"\u001b[31m\"\\\n","b":null,"c":"NaN"}' \
	$query --format jsonl 'print a = "\u001b[31m\"\\\n", b = int(null), c = real(nan)'
prints "table: control characters are shown" 'a              b
-------------  -
x\u001b\u000a  1' $query --format table 'print a = "x\u001b\n", b = 1'
prints "table: a header without rows" 'a  bc
-  --' $query --format table 'print a = 1, bc = 2 | where a == 2'
cat >batch.jsonl <<'END'
{"id":5,"query":"print a = 1"}
{"id":"x","query":"range x from 1 to 1000000000000 step 1 | where tostring(x) has 'z' | count"}
nonsense
{"id":"y","query":"print b"}
END
prints "batch: rows, time, faults" '{"id":5,"columns":[{"name":"a","type":"long"}],"rows":[[1]]}
{"id":"x","error":{"code":"HM003","line":0,"column":0,"message":"out of time"}}
{"id":"","error":{"code":"HM004","line":0,"column":0,"message":"not a line {\"id\":...,\"query\":\"...\"}"}}
{"id":"y","error":{"code":"KS142","line":1,"column":7,"message":"The name '"'b'"' does not refer to any known column, table, variable or function."}}' \
	sh -c "cat batch.jsonl | $query --batch --timeout 1 2>&1"
check "output goes to a file" 0 '' $query -o out.csv 'print a = 1'
prints "whose ending tells the format" 'aCR
1CR' cat out.csv
check "a refused query" 2 'KS142' $query -o out.csv 'print x'
prints "leaves the file as it was" 'aCR
1CR' cat out.csv
prints "and nothing beside it" 'batch.jsonl fine.kql latin.kql log logs.kql more.json none out.csv rules' \
	sh -c 'ls | tr "\n" " " | sed "s/ $//"'
check "a folder that is not there" 2 'nowhere/out.csv: No such file' $query -o nowhere/out.csv 'print 1'
check "a device is written to, not replaced" 0 '' $query -o /dev/null 'print 1'
check "Parquet to a file" 0 '' $query -o out.parquet 'print a = 1'
prints "begins as Parquet does" PAR1 head -c 4 out.parquet
check "Parquet is not printed" 2 'give a file' $query --format parquet 'print 1'
echo "1..$number"
