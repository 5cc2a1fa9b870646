/* SPDX-License-Identifier: MIT */
/* Queries that between them use every operator, for fuzz_kql. */
#ifndef HM_TESTS_FUZZ_KQL_SEEDS_H
#define HM_TESTS_FUZZ_KQL_SEEDS_H

/* clang-format off */
static const char *const kql_seeds[] = {
	"DeviceFileCertificateInfo\n| where Timestamp > ago(24h)\n| where IsRootSignerMicrosoft == false or "
	"SignatureState != \"Valid\"\n| where isnotempty(Signer)\n| join kind=inner (DeviceProcessEvents "
	"| where Timestamp > ago(24h) | project SHA1, FileName, FolderPath) on SHA1\n"
	"| where SignatureState in (\"Invalid\", \"Untrusted\")\n| project Timestamp, FileName\n| sort by Timestamp desc",
	"let w = 7d; let T = materialize(DeviceEvents | where Timestamp between (ago(w) .. now())); "
	"let f = (t: (FileName: string), n: long = 3) { t | summarize c = count() by FileName | top n by c }; f(T, 5)",
	"datatable(a: int, b: string, d: dynamic)[1, \"x\", dynamic({\"k\": [1, 2.5, null]}), 2, 'y', dynamic(null)]\n"
	"| extend v = d.k[0], w = d[\"k\"][-1], u = tostring(d.k) | mv-expand e = d.k to typeof(long) limit 9 | project-away d",
	"print x = 1 + 2 * -3 % 4 / 5.0, y = 1d + 2h, z = datetime(2020-01-01T00:00:00.1234567Z), "
	"g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), m = decimal(1.5), b = not(true) and 1 in (1, 2)",
	"DeviceProcessEvents | where ProcessCommandLine has_any (\"a\", \"b\") and FileName matches regex @\"(?i)^a.*\\.exe$\" "
	"or FileName !in~ ('x') and ProcessCommandLine !contains_cs \"q\" | count",
	"DeviceProcessEvents | summarize arg_max(Timestamp, *), dcount(FileName), make_set(SHA1, 10), percentiles(FileSize, 5, 95), "
	"countif(FileSize > 3), avgif(FileSize, true) by bin(Timestamp, 1h), DeviceName | project-rename n = DeviceName",
	"range t from datetime(2020-01-01) to datetime(2020-01-03) step 1d | make-series n = count() default = 0 on t "
	"from datetime(2020-01-01) to datetime(2020-01-03) step 1d | extend series_stats(n)",
	"union withsource = src isfuzzy = true DeviceEvents, (DeviceFileEvents | take 3), Device* | sort by src asc nulls last "
	"| serialize r = row_number(), p = prev(src, 1, \"\") | extend c = row_cumsum(r)",
	"print s = \"a=1, b=2\" | parse kind=simple s with \"a=\" a: long \", b=\" b: long | parse-kv s as (a: long, b: string) "
	"with (pair_delimiter=', ', kv_delimiter='=')",
	"print s = 'x:1;y:2' | parse-where kind=regex flags=i s with @\"x:\" v: int \";\" * | extend d = todynamic('{}') | evaluate bag_unpack(d) : (*, n: string)",
	"DeviceEvents | evaluate pivot(ActionType, count(), DeviceName) | getschema",
	"search in (DeviceEvents, DeviceFileEvents) \"evil\" and DeviceName: \"x\" | project $table, DeviceName",
	"find withsource = T in (DeviceEvents, DeviceProcessEvents) where FileName == 'a' project FileName, pack(*)",
	"DeviceEvents | partition hint.strategy = native by DeviceName (top 2 by Timestamp) | invoke FileProfile(SHA1, 100)",
	"DeviceEvents | mv-apply x = AdditionalFields on (where x > 3 | summarize m = max(toint(x)) | take 1) | lookup kind=leftouter "
	"(datatable(DeviceName: string, o: string)[]) on DeviceName",
	"externaldata(h: string, t: datetime)[@\"https://example.com/a.csv\", h\"secret\"] with (format = \"csv\", ignoreFirstRecord = true) "
	"| join kind=leftanti DeviceProcessEvents on $left.h == $right.SHA1",
	"let x = toscalar(DeviceEvents | summarize max(Timestamp)); print iff(isnull(x), \"no\", strcat(\"at \", x)), case(1 > 2, 'a', 2 > 1, 'b', 'c')",
	"DeviceFileEvents | distinct FileName, SHA1 | sample 5 | as X | union (X | take 1) | render timechart with (title = 't')",
	"DeviceEvents | top-nested 3 of DeviceName by count(), top-nested of FileName by max(Timestamp) | scan declare (a: long) with (step s: true => a = 1;)",
	"print ['a b'] = ```multi\nline```, \"\\u00e9\\t\\\"\", 'it''s', @'c:\\x', h'hidden' // comment\n| project ['a b']",
	"print ipv4_is_in_range('10.0.0.1', '10.0.0.0/8'), parse_url('http://a/b?c=d').Host, format_datetime(now(), 'yyyy-MM-dd'), hash('a')",
	"set notruncation; declare query_parameters(p: string = 'a'); DeviceEvents | where DeviceName =~ p | sample-distinct 3 of FileName "
	"| top-hitters 2 of FileName",
	"DeviceEvents | where * has 'x' | project-keep Device*, *Name | project-reorder FileName, * asc | reduce by FileName",
};
/* clang-format on */

#endif
