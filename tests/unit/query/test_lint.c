/* SPDX-License-Identifier: MIT */
/* Queries, and what lint finds in them: code, line and column each. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "query/lint.h"
#include "query/tables.h"

#define CERT  "DeviceFileCertificateInfo "
#define PROC  "DeviceProcessEvents "
#define H     HM_DIALECT_HALLMARK
#define D     HM_DIALECT_DEFENDER
#define S     HM_DIALECT_SENTINEL
#define SHA1_ "da39a3ee5e6b4b0d3255bfef95601890afd80709"

/* clang-format off */
static const struct {
	enum hm_dialect dialect;
	const char *query, *found;
} rows[] = {
	/* what the binder says */
	{ H, CERT "| where SignatureState == 'Valid' and IsTrusted", "" },
	{ D, CERT "| where SignatureState == 'Valid' and IsTrusted", "KS142@1:35" },
	{ S, CERT "| where SignatureState == 'Valid' and IsTrusted", "KS142@1:35" },
	{ D, PROC "| where FileNam == 'a'", "KS142@1:29" },
	{ D, PROC "| where FileName > 3", "KS106@1:38" },
	{ D, CERT "| where _BilledSize > 3", "KS142@1:35" },
	{ S, CERT "| where _BilledSize > 3", "" },
	{ H, PROC "|", "KS176@1:22" },
	/* a name is no proof */
	{ H, CERT "| where Signer == 'Microsoft Corporation'", "HM101@1:35" },
	{ H, CERT "| where Signer !in ('A', 'B')", "HM101@1:35" },
	{ H, CERT "| extend X = Issuer | where X has 'DigiCert'", "HM101@1:55" },
	{ H, "let names = dynamic(['A']); " CERT "| where Signer has_any (names)", "HM101@1:63" },
	{ H, "let T = print 'A'; " CERT "| where Signer in (T)", "HM101@1:54" },
	{ H, CERT "| where isnotempty(Signer) and Signer != ''", "" },
	{ H, CERT "| where Signer == 'A' and IsTrusted", "" },
	{ H, CERT "| where Signer == 'A' | summarize max(IsTrusted) by SHA1", "" },
	{ H, CERT "| where Signer == 'A' | project SHA1, IsTrusted", "" },
	{ H, CERT "| where Signer == 'A' | extend Z = 1", "HM101@1:35" },
	{ H, CERT "| where Signer == 'A' | summarize arg_max(Timestamp, *) by SHA1", "HM101@1:35" },
	{ D, PROC "| invoke FileProfile() | where Signer == 'A'", "HM101@1:52" },
	/* hashes and serials */
	{ H, PROC "| where SHA1 == 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709'", "HM102@1:29" },
	{ H, PROC "| where SHA1 =~ 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709'", "" },
	{ H, PROC "| where SHA1 == '" SHA1_ "'", "" },
	{ H, PROC "| where tolower(SHA1) in ('AB" SHA1_ "')", "HM102@1:29" },
	{ H, PROC "| where SHA1 in ('" SHA1_ "', 'da39')", "HM104@1:29" },
	{ H, PROC "| where MD5 in (dynamic(['" SHA1_ "']))", "HM104@1:29" },
	{ H, PROC "| where SHA256 startswith 'da39'", "" },
	{ H, PROC "| where SHA256 != ''", "" },
	{ H, CERT "| where CertificateSerialNumber == '43BB437D'", "HM102@1:35" },
	{ H, CERT "| where CertificateSerialNumber =~ '43:bb:43:7d'", "HM103@1:35" },
	{ H, CERT "| where CertificateSerialNumber == '43bb437d'", "" },
	{ H, CERT "| where SignerHash contains '43 bb'", "HM103@1:35" },
	{ H, CERT "| join kind=leftanti (" PROC ") on SHA1 | summarize by K = SHA1 | where K == 'AB'",
	  "HM102@1:111" },
	{ H, CERT "| union " PROC "| where SHA1 == 'AB'", "HM102@1:63" },
	/* joins */
	{ H, CERT "| where IsTrusted | join kind=leftouter (" PROC ") on DeviceId, SHA1", "" },
	{ H, CERT "| join kind=leftouter (" PROC ") on SHA1", "HM105@1:29" },
	{ H, CERT "| distinct SHA1 | join kind=leftouter (" PROC ") on SHA1", "" },
	{ H, CERT "| join kind=inner (" PROC ") on DeviceId, SHA1", "HM108@1:29" },
	{ H, PROC "| join kind=leftanti (" CERT "| where IsTrusted) on SHA1", "HM108@1:23" },
	{ H, CERT "| join kind=leftanti (" PROC ") on SHA1", "" },
	{ H, PROC "| join kind=inner (" PROC ") on SHA1", "" },
	{ H, PROC "| join (" PROC ") on DeviceId", "HM106@1:23" },
	{ H, PROC "| join kind=innerunique (" PROC ") on DeviceId", "" },
	{ H, PROC "| lookup (" PROC ") on DeviceId", "" },
	{ H, "let F = (T:(a:long)) { T | join (print a = 1) on a }; print 1", "HM106@1:28" },
	/* the wrong way round */
	{ H, CERT "| extend A = iff(IsTrusted == 0, 'Trusted', 'Untrusted')", "HM107@1:44" },
	{ H, CERT "| extend A = iff(IsTrusted == 1, 'Trusted', 'Untrusted')", "" },
	{ H, CERT "| extend A = iif(IsTrusted, 'not valid', '')", "HM107@1:44" },
	{ H, CERT "| extend A = case(not(IsSigned), 'Unsigned', IsTrusted != true, 'Valid', '')",
	  "HM107@1:72" },
	{ H, CERT "| extend A = iff(Signer == '', 'Trusted', '')", "" },
	/* words */
	{ H, CERT "| where SignatureState in ('Valid', 'SignedValid')", "HM109@1:35" },
	{ H, CERT "| where SignatureState =~ 'valid'", "" },
	{ D, PROC "| invoke FileProfile() | where SignatureState == 'Error'", "HM109@1:52" },
	{ D, PROC "| invoke FileProfile() | where SignatureState != 'SignedValid'", "" },
	/* portals */
	{ D, PROC "| invoke FileProfile('SHA1', 1000)", "" },
	{ D, PROC "| invoke FileProfile('SHA1', 10000)", "HM110@1:23" },
	{ S, PROC "| invoke FileProfile('SHA1', 1000)", "HM110@1:23" },
	{ S, PROC "| where Timestamp > ago(1d) | sort by Timestamp", "HM111@1:29" },
	{ S, PROC "| where TimeGenerated > ago(1d)", "" },
	{ D, PROC "| where TimeGenerated > ago(1d)", "HM111@1:29" },
	{ H, PROC "| where TimeGenerated > ago(1d) and Timestamp < now()", "" },
	/* several, in the order of the text */
	{ H, CERT "\n| where Signer == 'A'\n| join (" PROC ") on SHA1",
	  "HM101@2:9 HM105@3:3 HM106@3:3 HM108@3:3" },
};
/* clang-format on */

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static void test_row(struct hm_arena *a, size_t i)
{
	struct hm_catalogue c = { .dialect = rows[i].dialect,
				  .tables = hm_tables_of(rows[i].dialect, a) };
	struct hm_findings f = hm_lint(hm_bytes_of(rows[i].query), &c, a);
	const char *found = "";

	for (size_t k = 0; k < f.count; k++)
		found = hm_format(a, "%s%s%s@%zu:%zu", found, k == 0 ? "" : " ",
				  f.at[k].code, f.at[k].line, f.at[k].column);
	bool ok = strcmp(found, rows[i].found) == 0;
	if (!ok)
		printf("# %s\n# found %s\n# not   %s\n", rows[i].query, found,
		       rows[i].found);
	check(ok, "row %zu: %s", i, rows[i].found);
}

int main(void)
{
	struct hm_arena a;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
			return 1;
		test_row(&a, i);
		hm_arena_close(&a);
	}
	return check_done();
}
