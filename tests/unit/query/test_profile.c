/* SPDX-License-Identifier: MIT */
/* FileProfile(): which verdict answers for a file, and in which words; and whose rows a
 * table has beside those of a schema file. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "query/cell.h"
#include "query/run.h"

/* clang-format off */
static const char rows[] =
	"INSERT INTO \"DeviceFileCertificateInfo\" (_Load, _Row, \"SHA1\", "
	"\"SignatureSHA256\", \"SignatureState\", \"SignatureSource\", \"Timestamp\", "
	"\"Signer\") SELECT 1, * FROM (VALUES "
	"(1, 'aa', 'e1', 'Valid', 'hallmark', 5, 'one'),"
	"(2, 'aa', 'e1', 'Invalid', 'hallmark', 7, 'two'),"
	"(3, 'aa', 'e1', 'Valid', 'mde', 9, 'three'),"
	"(4, 'bb', '', 'Unknown', 'hallmark', 9, 'four'),"
	"(5, 'bb', '', 'Expired', 'mde', 3, 'five'),"
	"(6, 'cc', 'e3', 'Unsigned', 'sysmon', 1, ''),"
	"(7, 'dd', '', 'Unknown', 'hallmark', 1, ''),"
	"(8, '', '', 'Invalid', 'mde', 1, 'eight'),"
	"(9, 'ee', '', 'Revoked', 'mde', 1, 'nine'),"
	"(10, 'ff', '', 'Valid', 'mde', 1, 'ten'))";

#define ASK " | project Signer, SignatureState, IsCertificateValid, ProfileAvailability"

static const struct {
	const char *what, *query, *answer;
} cases[] = {
	{ "hallmark's latest verdict, though others came later",
	  "print SHA1 = 'aa' | invoke FileProfile()" ASK, "two SignedInvalid false Available" },
	{ "one of others before one that tells nothing",
	  "print SHA1 = 'bb' | invoke FileProfile()" ASK, "five SignedInvalid false Available" },
	{ "unsigned", "print SHA1 = 'cc' | invoke FileProfile()" ASK, " Unsigned  Available" },
	{ "unknown", "print SHA1 = 'dd' | invoke FileProfile()" ASK, " Unknown  Available" },
	{ "revoked", "print SHA1 = 'ee' | invoke FileProfile()" ASK,
	  "nine SignedInvalid false Available" },
	{ "valid", "print SHA1 = 'ff' | invoke FileProfile()" ASK, "ten SignedValid true Available" },
	{ "no row", "print SHA1 = '00' | invoke FileProfile()" ASK, " Unknown  Missing" },
	{ "no hash: the row of no file does not answer",
	  "print SHA1 = '' | invoke FileProfile()" ASK, "   " },
	{ "hashes in upper case", "print SHA1 = 'AA' | invoke FileProfile()" ASK,
	  "two SignedInvalid false Available" },
	{ "by SHA-256, named as a text",
	  "print InitiatingProcessSHA256 = 'e1' | invoke FileProfile('InitiatingProcessSHA256')"
	  ASK, "two SignedInvalid false Available" },
	{ "by SHA-256, where a SHA-1 is the same text",
	  "print SHA256 = 'aa' | invoke FileProfile(SHA256, 1000)" ASK, " Unknown  Missing" },
	{ "hashes that the rows lack are told",
	  "print SHA1 = 'aa' | invoke FileProfile() | project SHA1, SHA256, MD5", "aa e1 " },
	{ "what only Microsoft knows is not made up",
	  "print SHA1 = 'aa' | invoke FileProfile() | project GlobalPrevalence, GlobalFirstSeen, "
	  "GlobalLastSeen, FileSize, IsExecutable, ThreatName, Publisher, SoftwareName", "       " },
	{ "every row is enriched, whatever the number",
	  "range i from 1 to 5 step 1 | extend SHA1 = 'aa' | invoke FileProfile(SHA1, 1) "
	  "| summarize countif(Signer == 'two'), count()", "5 5" },
	{ "columns of the input keep their names",
	  "print SHA1 = 'aa', Signer = 'mine' | invoke FileProfile() | project Signer, Signer1",
	  "mine two" },
};

static const struct {
	const char *what, *schema, *query, *answer;
} schemas[] = {
	{ "a table more leaves the others as they are", "{\"More\":{\"A\":\"string\"}}",
	  "DeviceFileCertificateInfo | count", "10" },
	{ "all of them", "{\"More\":{\"A\":\"string\"}}",
	  "union DeviceEvents, DeviceFileEvents, DeviceProcessEvents, More | count", "0" },
	{ "one that is hidden has no rows", "{\"DeviceFileCertificateInfo\":{\"A\":\"string\"}}",
	  "DeviceFileCertificateInfo | summarize count() by A | count", "0" },
	{ "and answers no FileProfile()", "{\"DeviceFileCertificateInfo\":{\"A\":\"string\"}}",
	  "print SHA1 = 'aa' | invoke FileProfile() | project ProfileAvailability", "Missing" },
	{ "one that is hidden hides no other", "{\"DeviceProcessEvents\":{\"A\":\"string\"}}",
	  "DeviceFileCertificateInfo | count", "10" },
};
/* clang-format on */

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

/* The cells of the first row, with blanks between; what was wrong where it fails. */
static void ask(struct hm_session *s, struct hm_arena *a, const char *query,
		struct hm_buf *out)
{
	struct hm_result r;
	struct hm_diag diag = { 0 };
	duckdb_data_chunk chunk = NULL;
	bool ok = hm_result_bind(s, hm_bytes_of(query), a, &r, &diag) &&
		  hm_result_print(s, a, &r, &diag) && hm_result_start(s, a, &r, &diag) &&
		  hm_result_next(s, a, &r, &chunk, &diag);

	if (!ok)
		hm_put(out, diag.message);
	for (size_t i = 0; ok && chunk != NULL && i < r.columns.count; i++) {
		struct hm_value v = hm_cell(chunk, i, 0, r.columns.at[i].type);

		hm_put_str(out, i == 0 ? "" : " ");
		hm_put_cell_text(out, &v);
	}
	hm_result_close(&r);
}

static void test(struct hm_session *s, const char *what, const char *query,
		 const char *answer)
{
	struct hm_buf got = hm_buf_of(1 << 16);
	struct hm_arena a;

	if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return;
	ask(s, &a, query, &got);
	bool ok = hm_is(hm_buf_bytes(&got), answer);
	if (!ok)
		printf("# \"%.*s\", not \"%s\"\n", (int)got.len, (const char *)got.at,
		       answer);
	check(ok, "%s", what);
	hm_buf_done(&got);
	hm_arena_close(&a);
}

static void run(struct hm_store *store)
{
	struct hm_session_spec spec = { .store = store, .now = HM_TICKS_SECOND };
	struct hm_arena a;
	const char *why = "";

	if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return;
	struct hm_session *s = hm_session_open(&spec, &a, &why);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		test(s, cases[i].what, cases[i].query, cases[i].answer);
	for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
		spec.schema = hm_bytes_of(schemas[i].schema);
		s = hm_session_open(&spec, &a, &why);
		if (s != NULL)
			test(s, schemas[i].what, schemas[i].query, schemas[i].answer);
		else
			check(false, "%s", why);
	}
	hm_arena_close(&a);
}

int main(void)
{
	char folder[] = "/tmp/hallmark-profile-XXXXXX", command[64], why[HM_STORE_WHY];
	struct hm_store_spec spec = { .command = "test", .folder = folder };
	struct hm_store *store;

	if (mkdtemp(folder) == NULL || hm_store_open(&spec, &store, why) != HM_OK)
		return 1;
	if (hm_store_run(store, rows) == HM_OK)
		run(store);
	else
		check(false, "%s", hm_store_why(store));
	hm_store_close(store);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) != 0 || check_done();
}
