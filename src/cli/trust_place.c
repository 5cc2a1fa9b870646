/* SPDX-License-Identifier: MIT */
#include "cli/trust_place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "cli/cli.h"
#include "cli/trusting.h"
#include "store/lock.h"

bool hm_trust_place_of(const char *data, struct hm_trust_place *out)
{
	char folder[PATH_MAX];

	if (data == NULL && !hm_data_folder(folder, sizeof(folder))) {
		hm_complain("no data folder: set HOME or XDG_DATA_HOME, or give --data");
		return false;
	}
	if (data == NULL)
		data = folder;
	if (strlen(data) > PATH_MAX - 64) {
		hm_complain("%s: %s", data, strerror(ENAMETOOLONG));
		return false;
	}
	out->lock = -1;
	snprintf(out->store, sizeof(out->store), "%.*s/%s", PATH_MAX - 64, data,
		 HM_TRUST_STORE);
	snprintf(out->partial, sizeof(out->partial), "%.*s/trust.partial", PATH_MAX - 64,
		 data);
	return true;
}

/* The folders that path goes through. */
static bool make_folders(const char *path)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		if (mkdir(part, 0700) != 0 && errno != EEXIST) {
			hm_complain("%s: %s", part, strerror(errno));
			return false;
		}
	}
	return true;
}

static void waiting(void *ctx, const char *holder)
{
	(void)ctx;
	hm_complain("waiting for %s, which has the trust store", holder);
}

bool hm_trust_place_lock(struct hm_trust_place *place)
{
	char path[PATH_MAX + 8];

	snprintf(path, sizeof(path), "%.*slock",
		 (int)(strlen(place->store) - strlen("store")), place->store);
	const struct hm_lock_spec spec = { .path = path,
					   .command = "trust",
					   .waiting = waiting };

	if (!make_folders(place->store))
		return false;
	if (hm_lock_take(&spec, &place->lock) == HM_OK)
		return true;
	hm_complain("%s: %s", path, strerror(errno));
	return false;
}

void hm_trust_place_unlock(struct hm_trust_place *place)
{
	if (place->lock >= 0)
		close(place->lock);
	place->lock = -1;
}

static bool merge_store(const char *path, struct hm_planning *planning)
{
	const char *why;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0) {
		hm_complain("%s: %s", path, strerror(errno));
		return false;
	}
	hm_err err = hm_planning_merge(planning, fd, &why);

	close(fd);
	if (err == HM_EFORMAT) {
		hm_complain("%s: %s: a new one takes its place; what you trusted or "
			    "distrusted yourself is to be imported again",
			    path, why);
		return true;
	}
	if (err != HM_OK)
		hm_complain("%s: %s", path, why);
	return err == HM_OK;
}

struct hm_planning *hm_trust_place_plan(const struct hm_trust_place *place)
{
	struct hm_planning *planning;
	const char *why;

	if (hm_planning_open(&planning, &why) != HM_OK) {
		hm_complain("%s", why);
		return NULL;
	}
	if (merge_store(place->store, planning))
		return planning;
	hm_planning_close(planning);
	return NULL;
}

static bool write_all(int fd, hm_bytes bytes)
{
	struct hm_cur c = hm_cur_of(bytes);

	while (hm_more(&c)) {
		struct hm_cur ahead = c;
		hm_bytes left = hm_rest(&ahead);
		ssize_t done = write(fd, left.at, left.len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		hm_take(&c, (uint64_t)done, "written");
	}
	return true;
}

/* A rename lasts when its folder is on the disk. */
static void sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	snprintf(folder, sizeof(folder), "%.*s", slash != NULL ? (int)(slash - path) : 1,
		 slash != NULL ? path : ".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

bool hm_write_whole(const char *path, hm_bytes bytes, bool durable)
{
	char fresh[PATH_MAX + 8];

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool done = fd >= 0 && write_all(fd, bytes) && (!durable || fsync(fd) == 0);
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (done && rename(fresh, path) == 0) {
		if (durable)
			sync_folder(path);
		return true;
	}
	hm_complain("%s: %s", path, strerror(done ? errno : error));
	(void)unlink(fresh);
	return false;
}

bool hm_trust_place_commit(const struct hm_trust_place *place,
			   struct hm_planning *planning)
{
	struct hm_buf store = hm_buf_of(0);
	const char *why;

	if (hm_planning_write(planning, &store, &why) != HM_OK) {
		hm_complain("%s: %s", place->store, why);
		return false;
	}
	bool done = hm_write_whole(place->store, hm_buf_bytes(&store), true);

	hm_buf_done(&store);
	return done;
}

int hm_memory_file(const char *name, hm_bytes bytes)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd >= 0 && write_all(fd, bytes) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	hm_complain("%s: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
