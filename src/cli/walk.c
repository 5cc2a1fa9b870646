/* SPDX-License-Identifier: MIT */
#include "cli/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

enum { COPY_BYTES = 8192 };

struct walking {
	const struct hm_walk *walk;
	int status;
	bool stopped;
};

static void fail(struct walking *w, const char *path, int error, const char *why)
{
	w->status = hm_complain("%s: %s", path, why != NULL ? why : strerror(error));
	if (w->walk->failed != NULL)
		w->walk->failed(w->walk->ctx, path, error);
}

static void hand_over(struct walking *w, const char *path, int fd)
{
	if (!w->walk->file(w->walk->ctx, path, fd))
		w->stopped = true;
}

/* path is what to open, shown is what to call it: they differ while fts walks. */
static void open_file(struct walking *w, const char *path, const char *shown, int links)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | links);

	if (fd < 0) {
		fail(w, shown, errno, NULL);
		return;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		hand_over(w, shown, fd);
		return;
	}
	close(fd);
	fail(w, shown, EINVAL, "is not a regular file");
}

/* Copy a pipe; 0, or why not. */
static int copy_input(int to)
{
	char part[COPY_BYTES];
	ssize_t got, total = 0;

	for (; (got = read(STDIN_FILENO, part, sizeof(part))) != 0; total += got) {
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got < 0 || write(to, part, (size_t)got) != got)
			return errno;
		if (total > HM_MAX_PIPE_BYTES)
			return EFBIG;
	}
	return 0;
}

/* Standard input as a file that can be mapped: itself, or a copy in memory. */
static int map_input(int *error)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	    lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {
		int same = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

		*error = errno;
		return same;
	}
	int fd = memfd_create("standard input", MFD_CLOEXEC);

	*error = fd >= 0 ? copy_input(fd) : errno;
	if (fd >= 0 && *error != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void open_input(struct walking *w)
{
	int error, fd = map_input(&error);

	if (fd >= 0)
		hand_over(w, "-", fd);
	else
		fail(w, "standard input", error,
		     error == EFBIG ? "is larger than 1 GiB: give it as a file" : NULL);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void visit(struct walking *w, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F: open_file(w, entry->fts_accpath, entry->fts_path, O_NOFOLLOW); break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS: fail(w, entry->fts_path, entry->fts_errno, NULL); break;
	case FTS_DC: fail(w, entry->fts_path, ELOOP, "is a folder in itself"); break;
	default: break; /* folders themselves, and what is not a file */
	}
}

static void walk_folder(struct walking *w, const char *path)
{
	char *const roots[] = { (char *)(uintptr_t)path, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW, by_name);

	if (tree == NULL) {
		fail(w, path, errno, NULL);
		return;
	}
	for (FTSENT *entry; !w->stopped && (entry = fts_read(tree)) != NULL;)
		visit(w, entry);
	fts_close(tree);
}

static void walk_one(struct walking *w, const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		open_input(w);
	else if (stat(path, &st) != 0)
		fail(w, path, errno, NULL);
	else if (!S_ISDIR(st.st_mode))
		open_file(w, path, path, 0);
	else if (w->walk->folders)
		walk_folder(w, path);
	else
		fail(w, path, EISDIR, "is a folder, where a file is needed");
}

int hm_walk(const struct hm_walk *walk, const struct hm_list *paths)
{
	struct walking w = { .walk = walk, .status = HM_EXIT_OK };

	for (size_t i = 0; i < paths->count && !w.stopped; i++)
		walk_one(&w, paths->items[i]);
	return w.status;
}
