#!/bin/sh
# hallmark forge: every line of cases.tsv has its file and its trust files; a second run
# writes the same bytes but for signatures that are made with random numbers.
set -u
hallmark=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tab=$(printf '\t')
count=0 failures=0
check() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then echo "ok $count - $2"; else
		echo "not ok $count - $2"
		failures=1
	fi
}

"$hallmark" forge --out "$dir/a" >/dev/null
check $? "writes the catalogue"
"$hallmark" forge --out "$dir/b" >/dev/null
check $? "writes it again"

missing=0 lines=0
while IFS="$tab" read -r file _ trust _; do
	[ "$file" = file ] && continue
	lines=$((lines + 1))
	[ -f "$dir/a/$file" ] || missing=$((missing + 1))
	for t in $trust; do
		[ "$t" = none ] || [ -s "$dir/a/trust/$t" ] || missing=$((missing + 1))
	done
done <"$dir/a/cases.tsv"
check $missing "$lines lines, every file is there"
[ "$lines" -ge 250 ]
check $? "at least 250 cases"
other=$(diff -rq "$dir/a" "$dir/b" | grep -Evc 'pss|p256|p384|p521|secp256k1|dsa|ec-')
[ "$other" = 0 ]
check $? "a second run writes the same bytes"
"$hallmark" forge --list | cmp -s - "$dir/a/cases.tsv"
check $? "--list prints cases.tsv"
"$hallmark" forge --out "$dir/c" no-such-case 2>/dev/null
[ $? = 2 ]
check $? "an unknown case is refused"
"$hallmark" forge 2>/dev/null
[ $? = 2 ]
check $? "--out is asked for"
echo "1..$count"
exit $failures
