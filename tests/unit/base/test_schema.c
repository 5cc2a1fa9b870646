/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/schema.h"
#include "check.h"

/* The 18 columns of advanced hunting, in the order of its documentation. */
static const char *const certificate[] = {
	"Timestamp",
	"DeviceId",
	"DeviceName",
	"SHA1",
	"IsSigned",
	"SignatureType",
	"Signer",
	"SignerHash",
	"Issuer",
	"IssuerHash",
	"CertificateSerialNumber",
	"CrlDistributionPointUrls",
	"CertificateCreationTime",
	"CertificateExpirationTime",
	"CertificateCountersignatureTime",
	"IsTrusted",
	"IsRootSignerMicrosoft",
	"ReportId",
};

static void check_tables(void)
{
	int total = 0;

	for (int i = 0; i < HM_TABLE_COUNT; i++) {
		const struct hm_table *t = &hm_tables[i];

		check(hm_table_find(hm_bytes_of(t->name)) == t, "%s is found", t->name);
		check(t->first == total, "%s follows the table before it", t->name);
		total += t->count;
		check(hm_column_find(t, hm_bytes_of("TimeGenerated")) ==
			      hm_column_find(t, hm_bytes_of("Timestamp")),
		      "%s: TimeGenerated is Timestamp", t->name);
	}
	check(total == HM_COL_COUNT, "tables hold all columns");
	check(hm_table_find(hm_bytes_of("deviceevents")) == NULL, "case matters");
}

static void check_columns(void)
{
	int twice = 0, astray = 0;

	for (int i = 0; i < HM_COL_COUNT; i++) {
		const struct hm_table *t = &hm_tables[hm_columns[i].table];

		twice += hm_column_find(t, hm_bytes_of(hm_columns[i].name)) != i;
		astray += i < t->first || i >= t->first + t->count;
	}
	check(twice == 0, "no table has a name twice");
	check(astray == 0, "each column lies within its table");
	check(hm_column_find(&hm_tables[HM_TABLE_PROC], hm_bytes_of("Nothing")) == -1,
	      "an unknown column is -1");
}

static void check_certificate(void)
{
	const struct hm_table *t = &hm_tables[HM_TABLE_CERT];
	int defender = 0, same = 0;

	for (int i = t->first; i < t->first + t->count; i++) {
		if (hm_columns[i].origin != HM_ORIGIN_DEFENDER)
			continue;
		same += defender < 18 &&
			strcmp(hm_columns[i].name, certificate[defender]) == 0;
		defender++;
	}
	check(defender == 18 && same == 18,
	      "Defender's 18 certificate columns, in order");
}

/* See schema.def: an extension must not hide a process's column in a join. */
static void check_extensions(void)
{
	const struct hm_table *t = &hm_tables[HM_TABLE_CERT];
	int hiding = 0;

	for (int i = t->first; i < HM_COL_CERT_RecordSource; i++)
		for (int j = 0; j < HM_TABLE_COUNT; j++)
			hiding += hm_columns[i].origin == HM_ORIGIN_OURS &&
				  j != HM_TABLE_CERT &&
				  hm_column_find(&hm_tables[j],
						 hm_bytes_of(hm_columns[i].name)) != -1;
	check(hiding == 0, "certificate extensions hide no other table's column");
}

int main(void)
{
	check_tables();
	check_columns();
	check_certificate();
	check_extensions();
	check(strcmp(hm_type_name(HM_TYPE_DATETIME), "datetime") == 0, "type names");
	return check_done();
}
