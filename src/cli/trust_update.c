/* SPDX-License-Identifier: MIT */
#include "cli/trust_update.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "cli/cab.h"
#include "cli/cli.h"
#include "cli/fetch.h"

struct updating {
	const struct hm_trust_place *place;
	struct hm_planning *planning;
	struct hm_fetch *fetch;
	struct hm_buf body;
	int status;
};

enum { ROW = HM_SHA1_LEN + HM_SHA256_LEN, NAME_MAX_LEN = 2 * HM_SHA1_LEN + 5 };

/* ---- the lists ---- */

static bool get_list(struct updating *u, const char *name)
{
	if (hm_fetch(u->fetch, name, &u->body) == HM_FETCHED)
		return true;
	hm_complain("%s: %s", hm_fetch_url(u->fetch), hm_fetch_why(u->fetch));
	return false;
}

/* The cabinet in u->body, unpacked and imported. */
static const char *import_list(struct updating *u, const char *name)
{
	struct hm_buf list = hm_buf_of(HM_MAX_LIST_BYTES);
	struct hm_plan_count count = { 0 };
	const char *why = "out of memory";
	int cab = hm_memory_file(name, hm_buf_bytes(&u->body)), stl = -1;
	hm_err err = cab >= 0 ? hm_cab_unpack(cab, &list, &why) : HM_EIO;

	if (err == HM_OK)
		stl = hm_memory_file(name, hm_buf_bytes(&list));
	if (err == HM_OK)
		err = stl >= 0 ? hm_planning_import(u->planning, stl, HM_IMPORT_LISTED,
						    &count, &why)
			       : HM_EIO;
	if (err == HM_OK && count.lists != 1) {
		err = HM_EFORMAT;
		why = "holds no list";
	}
	if (cab >= 0)
		close(cab);
	if (stl >= 0)
		close(stl);
	hm_buf_done(&list);
	return err == HM_OK ? NULL : why;
}

static bool update_list(struct updating *u, const char *name)
{
	if (!get_list(u, name))
		return false;
	const char *why = import_list(u, name);

	if (why != NULL)
		hm_complain("%s: %s", hm_fetch_url(u->fetch), why);
	return why == NULL;
}

/* ---- the roots ---- */

/* Upper-case, as Microsoft's server names them. */
static void root_name(hm_bytes sha1, char name[NAME_MAX_LEN])
{
	static const char digits[] = "0123456789ABCDEF";
	struct hm_cur c = hm_cur_of(sha1);
	size_t at = 0;

	while (hm_more(&c)) {
		uint8_t byte = hm_u8(&c, "octet");

		name[at++] = digits[byte >> 4];
		name[at++] = digits[byte & 15];
	}
	snprintf(name + at, NAME_MAX_LEN - at, ".crt");
}

/* Import the file of one root.  False where it is not what the list names. */
static bool admit(struct updating *u, const char *path)
{
	struct hm_plan_count count = { 0 };
	const char *why;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return false;
	hm_err err = hm_planning_import(u->planning, fd, HM_IMPORT_LISTED, &count, &why);

	close(fd);
	return err == HM_OK && count.roots == 1;
}

/* One root, from an earlier run or from the server.  False where to go on is no use. */
static bool get_root(struct updating *u, hm_bytes sha1)
{
	char name[NAME_MAX_LEN], path[PATH_MAX + NAME_MAX_LEN + 1];

	root_name(sha1, name);
	snprintf(path, sizeof(path), "%s/%s", u->place->partial, name);
	if (admit(u, path))
		return true;
	u->body.max = HM_MAX_ROOT_BYTES;
	switch (hm_fetch(u->fetch, name, &u->body)) {
	case HM_FETCHED: break;
	case HM_FETCH_ABSENT:
		u->status = hm_complain("%s: %s", hm_fetch_url(u->fetch),
					hm_fetch_why(u->fetch));
		return true;
	case HM_FETCH_FAILED:
		hm_complain("%s: %s; what is here is kept: run it again to go on",
			    hm_fetch_url(u->fetch), hm_fetch_why(u->fetch));
		return false;
	}
	/* A file that a power failure spoils will not be admitted. */
	if (!hm_write_whole(path, hm_buf_bytes(&u->body), false))
		return false;
	if (!admit(u, path)) {
		u->status = hm_complain("%s: is not the root that the list names",
					hm_fetch_url(u->fetch));
		(void)unlink(path);
	}
	return true;
}

static void progress(size_t done, size_t num)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\rroots: %zu of %zu%s", done, num,
			done == num ? "\n" : "");
}

static bool update_roots(struct updating *u)
{
	const char *why;
	hm_bytes rows;

	if (hm_planning_missing(u->planning, &rows, &why) != HM_OK) {
		hm_complain("%s", why);
		return false;
	}
	struct hm_arena a = hm_cli_arena();
	struct hm_cur c = hm_cur_of(hm_keep(&a, rows));
	size_t num = rows.len / ROW;
	bool going = true;

	for (size_t i = 0; i < num && going; i++) {
		hm_bytes sha1 = hm_take(&c, HM_SHA1_LEN, "SHA-1");

		hm_take(&c, HM_SHA256_LEN, "SHA-256");
		going = get_root(u, sha1);
		progress(i + 1, num);
	}
	hm_arena_close(&a);
	return going;
}

/* What a broken-off update left is needed no more. */
static void forget_partial(const struct hm_trust_place *place, hm_bytes rows)
{
	struct hm_cur c = hm_cur_of(rows);

	while (hm_more(&c)) {
		char name[NAME_MAX_LEN], path[PATH_MAX + NAME_MAX_LEN + 1];

		root_name(hm_take(&c, HM_SHA1_LEN, "SHA-1"), name);
		hm_take(&c, HM_SHA256_LEN, "SHA-256");
		snprintf(path, sizeof(path), "%s/%s", place->partial, name);
		(void)unlink(path);
	}
	(void)rmdir(place->partial);
}

static bool update(struct updating *u)
{
	static const char *const lists[] = { "authrootstl.cab", "disallowedcertstl.cab" };
	struct hm_arena a = hm_cli_arena();
	const char *why;
	hm_bytes rows = { 0 };
	bool done = true;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && done; i++)
		done = update_list(u, lists[i]);
	if (done && mkdir(u->place->partial, 0700) != 0 && errno != EEXIST) {
		hm_complain("%s: %s", u->place->partial, strerror(errno));
		done = false;
	}
	if (done && hm_planning_missing(u->planning, &rows, &why) == HM_OK)
		rows = hm_keep(&a, rows);
	done = done && update_roots(u) && hm_trust_place_commit(u->place, u->planning);
	if (done)
		forget_partial(u->place, rows);
	hm_arena_close(&a);
	return done;
}

int hm_trust_update(const struct hm_trust_place *place)
{
	struct updating u = { .place = place,
			      .planning = hm_trust_place_plan(place),
			      .fetch = hm_fetch_new(hm_trust_address()),
			      .body = hm_buf_of(HM_MAX_LIST_BYTES),
			      .status = HM_EXIT_OK };

	if (u.planning == NULL || u.fetch == NULL || !update(&u))
		u.status = HM_EXIT_FAILED;
	hm_buf_done(&u.body);
	hm_fetch_free(u.fetch);
	hm_planning_close(u.planning);
	return u.status;
}
