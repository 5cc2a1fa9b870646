/* SPDX-License-Identifier: MIT */
#include "cli/trusting.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "cli/planning.h"
#include "cli/walk.h"

struct compiling {
	struct hm_planning *planning;
	bool failed;
};

static bool take_file(void *ctx, const char *path, int fd)
{
	struct compiling *c = ctx;
	struct hm_plan_count count = { 0 };
	const char *why;
	hm_err err = hm_planning_import(c->planning, fd, HM_IMPORT_USER, &count, &why);

	if (err == HM_OK && count.roots + count.crls == 0) {
		err = HM_EFORMAT;
		why = "it holds no certificate";
	}
	if (err != HM_OK) {
		hm_complain("--trust %s: %s", path, why);
		c->failed = true;
	}
	close(fd);
	return !c->failed;
}

/* Compile the files of --trust to t->own. */
static bool compile(struct hm_trusting *t, const struct hm_list *files)
{
	struct compiling c = { 0 };
	const struct hm_walk walk = { .file = take_file, .ctx = &c };
	const char *why;

	if (hm_planning_open(&c.planning, &why) != HM_OK) {
		hm_complain("%s", why);
		return false;
	}
	bool done = hm_walk(&walk, files) == HM_EXIT_OK && !c.failed;
	if (done && hm_planning_write(c.planning, &t->own, &why) != HM_OK) {
		hm_complain("--trust: %s", why);
		done = false;
	}
	hm_planning_close(c.planning);
	return done;
}

static bool add_store(struct hm_trusting *t, hm_bytes file)
{
	if (hm_trust_open(file, &t->stores[t->num]) != HM_OK)
		return false;
	t->list[t->num] = &t->stores[t->num];
	t->num++;
	return true;
}

/* "uefi" is no file but a wish. */
static bool add_files(struct hm_trusting *t, const struct hm_list *trust,
		      struct hm_arena *a)
{
	struct hm_list files = { hm_new_n(a, const char *, trust->count + 1), 0 };

	for (size_t i = 0; i < trust->count; i++) {
		if (strcmp(trust->items[i], "uefi") == 0)
			t->uefi = true;
		else
			files.items[files.count++] = trust->items[i];
	}
	if (files.count == 0)
		return true;
	return compile(t, &files) && add_store(t, hm_buf_bytes(&t->own));
}

/* A missing store is no failure: what is compiled in serves. */
static bool map_store(struct hm_trusting *t, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	void *at = MAP_FAILED;
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	int error = errno;
	if (fd >= 0)
		close(fd);
	if (at == MAP_FAILED) {
		hm_complain("%s: %s", path,
			    fd >= 0 ? "is empty or cannot be mapped" : strerror(error));
		return false;
	}
	t->mapped = (hm_bytes){ at, (size_t)st.st_size };
	if (add_store(t, t->mapped))
		return true;
	hm_complain("%s: is no trust store of this version; \"hallmark trust update\" or "
		    "\"import\" "
		    "makes it anew",
		    path);
	return false;
}

static bool add_data_folder(struct hm_trusting *t, const char *data)
{
	char folder[PATH_MAX], path[PATH_MAX + sizeof("/" HM_TRUST_STORE)];

	if (data == NULL && !hm_data_folder(folder, sizeof(folder)))
		return true;
	snprintf(path, sizeof(path), "%s/%s", data != NULL ? data : folder,
		 HM_TRUST_STORE);
	return map_store(t, path);
}

bool hm_trusting_open(const struct hm_judging *judging, struct hm_trusting *out)
{
	struct hm_arena a = hm_cli_arena();

	*out = (struct hm_trusting){ 0 };
	bool done =
		add_files(out, judging->trust, &a) && add_data_folder(out, judging->data);
	if (!done)
		hm_trusting_close(out);
	hm_arena_close(&a);
	return done;
}

void hm_trusting_close(struct hm_trusting *t)
{
	if (t->mapped.len != 0)
		munmap((void *)(uintptr_t)t->mapped.at, t->mapped.len);
	hm_buf_done(&t->own);
	*t = (struct hm_trusting){ 0 };
}

struct hm_policy hm_trusting_policy(const struct hm_trusting *t,
				    const struct hm_judging *judging)
{
	return (struct hm_policy){
		.now = judging->now,
		.stores = t->list,
		.num_stores = t->num,
		.require_revocation = judging->require_revocation,
		.uefi = t->uefi,
		.md5 = judging->facts,
	};
}
