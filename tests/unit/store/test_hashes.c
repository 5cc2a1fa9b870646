/* SPDX-License-Identifier: MIT */
/* Which SHA-1 a process gets that was reported without one. */
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "store/hashes.h"
#include "store/statement.h"

static char folder[] = "/tmp/hallmark-test-XXXXXX";

/* Times are minutes; a row's number is its _Row. */
#define MINUTE "600000000::BIGINT"
#define PROC(row, at, name, guid, path, sha256, md5, sha1, source)                       \
	"INSERT INTO DeviceProcessEvents (_Row, _Load, Timestamp, DeviceName, "          \
	"ProcessUniqueId, FolderPath, SHA256, MD5, SHA1, HashSource) VALUES (" #row      \
	", 1, " #at " * " MINUTE ", '" name "', '" guid "', '" path "', '" sha256        \
	"', '" md5 "', '" sha1 "', '" source "');"
#define LOAD(row, at, name, guid, path, sha1)                                            \
	"INSERT INTO DeviceImageLoadEvents (_Row, _Load, Timestamp, DeviceName, "        \
	"InitiatingProcessUniqueId, FolderPath, SHA1) VALUES (" #row ", 1, " #at         \
	" * " MINUTE ", '" name "', '" guid "', '" path "', '" sha1 "');"
#define FILE_ROW(row, at, action, path, sha1)                                            \
	"INSERT INTO DeviceFileEvents (_Row, _Load, Timestamp, DeviceName, ActionType, " \
	"FolderPath, SHA1) VALUES (" #row ", 1, " #at " * " MINUTE ", 'pc', '" action    \
	"', '" path "', '" sha1 "');"
#define WANT(at, path) PROC(1, at, "pc", "", path, "", "", "", "")

struct hash_case {
	const char *name, *rows;
	const char *sha1, *source; /* of the process whose _Row is 1 */
};

/* clang-format off */
static const struct hash_case cases[] = {
	{ "its own image load",
	  PROC(1, 10, "PC", "g", "C:\\A.exe", "", "", "", "") LOAD(2, 11, "pc", "g", "c:\\a.EXE", "aa"),
	  "aa", "imageload" },
	{ "the load of another path is that of the identifier's earlier owner",
	  PROC(1, 10, "pc", "g", "c:\\a.exe", "", "", "", "") LOAD(2, 11, "pc", "g", "c:\\b.exe", "aa"),
	  "", "" },
	{ "the load of another machine is not its own",
	  PROC(1, 10, "pc", "g", "c:\\a.exe", "", "", "", "") LOAD(2, 11, "pd", "g", "c:\\a.exe", "aa"),
	  "", "" },
	{ "of two loads the nearest in time",
	  PROC(1, 10, "pc", "g", "c:\\a.exe", "", "", "", "") LOAD(2, 200, "pc", "g", "c:\\a.exe", "aa")
	  LOAD(3, 11, "pc", "g", "c:\\a.exe", "bb"),
	  "bb", "imageload" },
	{ "by SHA-256, whatever machine it is on",
	  PROC(1, 10, "pc", "", "c:\\a.exe", "ff", "", "", "") PROC(2, 90000, "pd", "", "c:\\b.exe", "ff", "", "aa", "event"),
	  "aa", "sha256" },
	{ "one SHA-256 with two SHA-1 tells nothing",
	  PROC(1, 10, "pc", "", "c:\\a.exe", "ff", "", "", "") PROC(2, 9, "pd", "", "c:\\b.exe", "ff", "", "aa", "event")
	  PROC(3, 9, "pd", "", "c:\\b.exe", "ff", "", "bb", "event"),
	  "", "" },
	{ "by MD5",
	  PROC(1, 10, "pc", "", "c:\\a.exe", "", "ee", "", "") PROC(2, 9, "pd", "", "c:\\b.exe", "", "ee", "aa", "event"),
	  "aa", "md5" },
	{ "an image load is before SHA-256",
	  PROC(1, 10, "pc", "g", "c:\\a.exe", "ff", "", "", "") PROC(2, 9, "pd", "", "c:\\b.exe", "ff", "", "aa", "event")
	  LOAD(3, 11, "pc", "g", "c:\\a.exe", "bb"),
	  "bb", "imageload" },
	{ "what was derived is no evidence",
	  WANT(10, "c:\\a.exe") PROC(2, 9, "pc", "", "c:\\a.exe", "", "", "aa", "path"),
	  "", "" },
	{ "by path, seen before", WANT(10, "c:\\a.exe") LOAD(2, 5, "pc", "x", "C:\\A.EXE", "aa"), "aa", "path" },
	{ "by path, seen after", WANT(10, "c:\\a.exe") LOAD(2, 15, "pc", "x", "c:\\a.exe", "aa"), "aa", "path" },
	{ "by path, more than a day away", WANT(10, "c:\\a.exe") LOAD(2, 1451, "pc", "x", "c:\\a.exe", "aa"), "", "" },
	{ "by path, another before than after",
	  WANT(10, "c:\\a.exe") LOAD(2, 5, "pc", "x", "c:\\a.exe", "aa") LOAD(3, 15, "pc", "x", "c:\\a.exe", "bb"), "", "" },
	{ "by path, the file was changed between",
	  WANT(10, "c:\\a.exe") LOAD(2, 5, "pc", "x", "c:\\a.exe", "aa") FILE_ROW(3, 7, "FileCreated", "c:\\a.exe", ""),
	  "", "" },
	{ "by path, changed between, and seen after",
	  WANT(10, "c:\\a.exe") LOAD(2, 5, "pc", "x", "c:\\a.exe", "aa") FILE_ROW(3, 7, "FileCreated", "c:\\a.exe", "")
	  LOAD(4, 15, "pc", "x", "c:\\a.exe", "bb"),
	  "bb", "path" },
	{ "by path, created with that hash", WANT(10, "c:\\a.exe") FILE_ROW(3, 7, "FileCreated", "c:\\a.exe", "aa"), "aa", "path" },
	{ "what is created later was not there", WANT(10, "c:\\a.exe") FILE_ROW(3, 17, "FileCreated", "c:\\a.exe", "aa"), "", "" },
	{ "what is deleted later was there", WANT(10, "c:\\a.exe") FILE_ROW(3, 17, "FileDeleted", "c:\\a.exe", "aa"), "aa", "path" },
	{ "what was deleted before is gone", WANT(10, "c:\\a.exe") FILE_ROW(3, 7, "FileDeleted", "c:\\a.exe", "aa"), "", "" },
	{ "what the event had stays",
	  PROC(1, 10, "pc", "g", "c:\\a.exe", "", "", "cc", "event") LOAD(2, 11, "pc", "g", "c:\\a.exe", "aa"),
	  "cc", "event" },
	{ "what was derived and does not hold any more goes",
	  PROC(1, 10, "pc", "", "c:\\a.exe", "", "", "cc", "path"),
	  "", "" },
};
/* clang-format on */

static bool got(struct hm_store *s, const struct hash_case *c)
{
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk = NULL;
	bool same = false;

	if (hm_statement_open(s,
			      "SELECT SHA1, HashSource FROM DeviceProcessEvents WHERE "
			      "_Row = 1",
			      &st) == HM_OK &&
	    hm_statement_start(st) == HM_OK && hm_statement_next(st, &chunk) == HM_OK &&
	    chunk != NULL)
		same = hm_is(hm_chunk_text(chunk, 0, 0), c->sha1) &&
		       hm_is(hm_chunk_text(chunk, 1, 0), c->source);
	hm_statement_close(st);
	return same;
}

static void check_case(struct hm_store *s, const struct hash_case *c)
{
	struct hm_hash_counts counts, again;
	bool done = hm_store_run(s, "TRUNCATE DeviceProcessEvents; TRUNCATE "
				    "DeviceImageLoadEvents; TRUNCATE "
				    "DeviceFileEvents") == HM_OK &&
		    hm_store_run(s, c->rows) == HM_OK &&
		    hm_hashes_derive(s, &counts) == HM_OK;

	if (!done)
		printf("# %s\n", hm_store_why(s));
	bool first = done && got(s, c);
	bool second = done && hm_hashes_derive(s, &again) == HM_OK && got(s, c) &&
		      memcmp(&counts, &again, sizeof(counts)) == 0;
	int64_t found =
		done ? counts.imageload + counts.sha256 + counts.md5 + counts.path : -1;
	bool counted = strcmp(c->source, "event") == 0 || found == (c->sha1[0] != '\0');

	check(first && second && counted, "%s", c->name);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

int main(void)
{
	struct hm_store_spec spec = {
		.folder = folder, .command = "test", .memory_mib = 128, .threads = 1
	};
	char why[HM_STORE_WHY];
	struct hm_store *s;

	if (mkdtemp(folder) == NULL || hm_store_open(&spec, &s, why) != HM_OK)
		abort();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(s, &cases[i]);
	hm_store_close(s);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return check_done();
}
