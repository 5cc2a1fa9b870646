/* SPDX-License-Identifier: MIT */
#include "store/hashes.h"

#include "store/statement.h"

/* Machines are known by name: identifiers differ from source to source. */
#define EVIDENCE(sha256, md5, path, table, where, until, from)                           \
	"SELECT SHA1, " sha256 " AS SHA256, " md5                                        \
	" AS MD5, lower(DeviceName) AS Device, lower(" path                              \
	") AS Path, Timestamp, " until " AS Until, " from " AS Since FROM main." table   \
	" WHERE SHA1 <> ''" where

/* clang-format off */
static const char *const steps[] = {
	"CREATE OR REPLACE TEMP TABLE _Want AS SELECT _Row, Timestamp, "
	"lower(DeviceName) AS Device, lower(FolderPath) AS Path, ProcessUniqueId, SHA256, MD5 "
	"FROM main.DeviceProcessEvents WHERE HashSource <> 'event'",
	"CREATE OR REPLACE TEMP TABLE _Found (_Row UHUGEINT, SHA1 VARCHAR, Source VARCHAR)",

	/* Until: tells of the file before that moment, Since: of the file from then on */
	"CREATE OR REPLACE TEMP VIEW _Evidence AS "
	EVIDENCE("SHA256", "MD5", "FolderPath", "DeviceProcessEvents", " AND HashSource = 'event'",
		 "true", "true")
	" UNION ALL "
	EVIDENCE("SHA256", "MD5", "FolderPath", "DeviceImageLoadEvents", "", "true", "true")
	" UNION ALL "
	EVIDENCE("SHA256", "MD5", "FolderPath", "DeviceFileEvents", "",
		 "ActionType = 'FileDeleted'", "ActionType <> 'FileDeleted'")
	" UNION ALL "
	EVIDENCE("SHA256", "MD5", "FolderPath", "DeviceEvents", "", "true", "true")
	" UNION ALL "
	EVIDENCE("SignatureSHA256", "SignatureMD5", "SignaturePath", "DeviceFileCertificateInfo", "",
		 "true", "true"),

	/* of several loads the one nearest to the start: identifiers are used again */
	"INSERT INTO _Found SELECT w._Row, arg_min(l.SHA1, abs(l.Timestamp - w.Timestamp)), 'imageload' "
	"FROM _Want w JOIN main.DeviceImageLoadEvents l "
	"ON l.InitiatingProcessUniqueId = w.ProcessUniqueId AND lower(l.FolderPath) = w.Path "
	"AND lower(l.DeviceName) = w.Device "
	"WHERE w.ProcessUniqueId <> '' AND w.Path <> '' AND l.SHA1 <> '' GROUP BY w._Row",

	"INSERT INTO _Found SELECT w._Row, min(e.SHA1), 'sha256' FROM _Want w "
	"ANTI JOIN _Found f ON f._Row = w._Row JOIN _Evidence e ON e.SHA256 = w.SHA256 "
	"WHERE w.SHA256 <> '' GROUP BY w._Row HAVING count(DISTINCT e.SHA1) = 1",

	"INSERT INTO _Found SELECT w._Row, min(e.SHA1), 'md5' FROM _Want w "
	"ANTI JOIN _Found f ON f._Row = w._Row JOIN _Evidence e ON e.MD5 = w.MD5 "
	"WHERE w.MD5 <> '' GROUP BY w._Row HAVING count(DISTINCT e.SHA1) = 1",

	"CREATE OR REPLACE TEMP TABLE _Left AS SELECT w.* FROM _Want w "
	"ANTI JOIN _Found f ON f._Row = w._Row WHERE w.Device <> '' AND w.Path <> ''",
	"CREATE OR REPLACE TEMP TABLE _At AS SELECT e.Device, e.Path, e.Timestamp, e.Until, e.Since, "
	"min(e.SHA1) AS SHA1 FROM _Evidence e SEMI JOIN _Left w ON w.Device = e.Device AND w.Path = e.Path "
	"GROUP BY ALL HAVING count(DISTINCT e.SHA1) = 1",
	"CREATE OR REPLACE TEMP TABLE _Changed AS SELECT DISTINCT lower(e.DeviceName) AS Device, "
	"lower(e.FolderPath) AS Path, e.Timestamp FROM main.DeviceFileEvents e "
	"SEMI JOIN _Left w ON w.Device = lower(e.DeviceName) AND w.Path = lower(e.FolderPath)",

	"INSERT INTO _Found SELECT _Row, coalesce(Before, After), 'path' FROM ("
	"SELECT w._Row, "
	"CASE WHEN w.Timestamp - b.Timestamp <= 864000000000 AND (c.Timestamp IS NULL OR c.Timestamp <= b.Timestamp) "
	"THEN b.SHA1 END AS Before, "
	"CASE WHEN a.Timestamp - w.Timestamp <= 864000000000 AND (d.Timestamp IS NULL OR d.Timestamp >= a.Timestamp) "
	"THEN a.SHA1 END AS After "
	"FROM _Left w "
	"ASOF LEFT JOIN (SELECT * FROM _At WHERE Since) b "
	"ON b.Device = w.Device AND b.Path = w.Path AND w.Timestamp >= b.Timestamp "
	"ASOF LEFT JOIN (SELECT * FROM _At WHERE Until) a "
	"ON a.Device = w.Device AND a.Path = w.Path AND w.Timestamp <= a.Timestamp "
	"ASOF LEFT JOIN _Changed c "
	"ON c.Device = w.Device AND c.Path = w.Path AND w.Timestamp >= c.Timestamp "
	"ASOF LEFT JOIN _Changed d "
	"ON d.Device = w.Device AND d.Path = w.Path AND w.Timestamp < d.Timestamp) "
	"WHERE coalesce(Before, After) IS NOT NULL AND coalesce(Before = After, true)",

	"UPDATE main.DeviceProcessEvents p SET SHA1 = n.SHA1, HashSource = n.Source FROM "
	"(SELECT w._Row, coalesce(f.SHA1, '') AS SHA1, coalesce(f.Source, '') AS Source FROM _Want w "
	"LEFT JOIN _Found f ON f._Row = w._Row) n "
	"WHERE p._Row = n._Row AND (p.SHA1 <> n.SHA1 OR p.HashSource <> n.Source)",
};
/* clang-format on */

static const char drop[] = "DROP VIEW _Evidence; DROP TABLE _Want; DROP TABLE _Found; "
			   "DROP TABLE _Left; DROP TABLE _At; DROP TABLE _Changed";

static hm_err count(struct hm_store *s, const char *sql, int64_t *out)
{
	struct hm_statement *st = NULL;
	hm_err err = hm_statement_open(s, sql, &st);

	if (err == HM_OK)
		err = hm_statement_int(st, 0, out);
	hm_statement_close(st);
	return err;
}

static hm_err count_all(struct hm_store *s, struct hm_hash_counts *out)
{
	const struct {
		const char *sql;
		int64_t *out;
	} counts[] = {
		{ "SELECT count(*) FROM _Want", &out->without },
		{ "SELECT count(*) FROM _Found WHERE Source = 'imageload'",
		  &out->imageload },
		{ "SELECT count(*) FROM _Found WHERE Source = 'sha256'", &out->sha256 },
		{ "SELECT count(*) FROM _Found WHERE Source = 'md5'", &out->md5 },
		{ "SELECT count(*) FROM _Found WHERE Source = 'path'", &out->path },
	};
	hm_err err = HM_OK;

	for (size_t i = 0; err == HM_OK && i < sizeof(counts) / sizeof(counts[0]); i++)
		err = count(s, counts[i].sql, counts[i].out);
	return err;
}

/* Within a transaction. */
static hm_err derive(struct hm_store *s, struct hm_hash_counts *out)
{
	hm_err err = HM_OK;

	for (size_t i = 0; err == HM_OK && i < sizeof(steps) / sizeof(steps[0]); i++)
		err = hm_store_run(s, steps[i]);
	if (err == HM_OK)
		err = count_all(s, out);
	if (err == HM_OK)
		err = hm_store_run(s, drop);
	return err == HM_OK ? hm_store_run(s, "COMMIT") : err;
}

hm_err hm_hashes_derive(struct hm_store *s, struct hm_hash_counts *out)
{
	int64_t without = 0;

	*out = (struct hm_hash_counts){ 0 };
	hm_err err = count(s,
			   "SELECT count(*) FROM main.DeviceProcessEvents WHERE "
			   "HashSource <> 'event'",
			   &without);
	if (err != HM_OK || without == 0)
		return err;
	err = hm_store_run(s, "BEGIN");
	if (err == HM_OK)
		err = derive(s, out);
	/* not hm_store_run: what is to be told is why the step failed */
	if (err != HM_OK)
		(void)duckdb_query(hm_store_connection(s), "ROLLBACK", NULL);
	return err;
}
