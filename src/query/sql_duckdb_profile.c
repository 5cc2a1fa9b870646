/* SPDX-License-Identifier: MIT */
/* FileProfile(): what hallmark's own rows of DeviceFileCertificateInfo say of a file.
 *
 * Columns and words are those of defender-xdr/advanced-hunting-fileprofile-function. What
 * only Microsoft can know (how often a file is seen in the world, what it is called as a
 * threat) is null or empty.  All rows are enriched, whatever the number asked for. */
#include "query/sql_duckdb.h"

/* How a column of FileProfile is found in the row q.v of the verdict chosen for the file;
 * an empty hash or none of ours has no such row, and q.k is null. */
/* clang-format off */
static const struct {
	const char *name, *sql;
} columns[] = {
	{ "SHA1", "coalesce(q.v.SHA1, '')" },
	{ "SHA256", "coalesce(q.v.SignatureSHA256, '')" },
	{ "MD5", "coalesce(q.v.SignatureMD5, '')" },
	{ "FileSize", "NULL::INTEGER" },
	{ "GlobalPrevalence", "NULL::INTEGER" },
	{ "GlobalFirstSeen", "NULL::BIGINT" },
	{ "GlobalLastSeen", "NULL::BIGINT" },
	{ "Signer", "coalesce(q.v.Signer, '')" },
	{ "Issuer", "coalesce(q.v.Issuer, '')" },
	{ "SignerHash", "coalesce(q.v.SignerHash, '')" },
	{ "IsCertificateValid", "CASE q.v.SignatureState WHEN 'Valid' THEN TRUE WHEN 'Invalid' THEN FALSE "
	  "WHEN 'Untrusted' THEN FALSE WHEN 'Expired' THEN FALSE WHEN 'Revoked' THEN FALSE END" },
	{ "IsRootSignerMicrosoft", "q.v.IsRootSignerMicrosoft" },
	{ "SignatureState", "CASE WHEN i.h = '' THEN '' ELSE CASE q.v.SignatureState "
	  "WHEN 'Valid' THEN 'SignedValid' WHEN 'Unsigned' THEN 'Unsigned' "
	  "WHEN 'Invalid' THEN 'SignedInvalid' WHEN 'Untrusted' THEN 'SignedInvalid' "
	  "WHEN 'Expired' THEN 'SignedInvalid' WHEN 'Revoked' THEN 'SignedInvalid' "
	  "ELSE 'Unknown' END END" },
	{ "IsExecutable", "NULL::BOOLEAN" },
	{ "ThreatName", "''" },
	{ "Publisher", "''" },
	{ "SoftwareName", "''" },
	{ "ProfileAvailability", "CASE WHEN i.h = '' THEN '' WHEN q.k IS NULL THEN 'Missing' "
	  "ELSE 'Available' END" },
};
/* clang-format on */

static const char *sql_of(hm_bytes name)
{
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		if (hm_is(name, columns[i].name))
			return columns[i].sql;
	return "NULL";
}

/* The documented hashes are SHA1 and SHA256, of the file or of its starter. */
static const char *key_of(const struct hm_plan *plan)
{
	const struct hm_expr *e = plan->exprs[0];
	hm_bytes name = { 0 };

	if (e->kind == HM_EXPR_COLUMN)
		name = plan->inputs[0]->columns.at[e->column].name;
	return name.len >= 6 && hm_is(hm_part(name, name.len - 6, 6), "SHA256")
		       ? "SignatureSHA256"
		       : "SHA1";
}

/* For each file its one verdict: one that tells something before Unknown, hallmark's own
 * before those of others, and the latest. */
static void put_verdicts(struct hm_printer *p, const char *key)
{
	static const char table[] = "DeviceFileCertificateInfo";
	const struct hm_sql_options *o = p->options;
	bool stored = o->stored != NULL && o->stored(o->ctx, hm_bytes_of(table));

	hm_putf(&p->out,
		"SELECT %s AS k, arg_max({'SHA1': SHA1, 'SignatureSHA256': "
		"SignatureSHA256, 'SignatureMD5': SignatureMD5, 'Signer': Signer, "
		"'Issuer': Issuer, 'SignerHash': SignerHash, 'SignatureState': "
		"SignatureState, 'IsRootSignerMicrosoft': IsRootSignerMicrosoft}, "
		"row(SignatureState <> 'Unknown', SignatureSource = 'hallmark', "
		"\"Timestamp\")) AS v FROM main.\"%s\" WHERE %s%s <> '' GROUP BY 1",
		key, table, stored ? "" : "FALSE AND ", key);
}

void hm_sql_profile(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		hm_sql_comma(p, i);
		if (plan->picks[i].column != HM_NO_COLUMN)
			hm_putf(&p->out, "i.c%zu", plan->picks[i].column);
		else
			hm_put_str(&p->out, sql_of(plan->texts[i]));
		hm_putf(&p->out, " AS c%zu", i);
	}
	hm_sql_hidden(p, n, "i.");
	hm_put_str(&p->out, " FROM (SELECT *, lower(");
	hm_sql_as(p, plan->exprs[0], 's');
	hm_putf(&p->out, ") AS h FROM n%zu) i LEFT JOIN (",
		hm_sql_node(p, plan->inputs[0]));
	put_verdicts(p, key_of(plan));
	hm_put_str(&p->out, ") q ON q.k = i.h");
}
