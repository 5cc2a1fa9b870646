/* SPDX-License-Identifier: MIT */
#include "cli/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* All of standard input in memory, as a file that can be mapped. */
static void open_input(struct walking *w)
{
	char part[COPY_BYTES];
	ssize_t got = 0;
	int fd = memfd_create("standard input", MFD_CLOEXEC);

	while (fd >= 0 && (got = read(STDIN_FILENO, part, sizeof(part))) > 0)
		if (write(fd, part, (size_t)got) != got)
			got = -1;
	if (fd >= 0 && got == 0) {
		hand_over(w, "-", fd);
		return;
	}
	fail(w, "standard input", errno, NULL);
	if (fd >= 0)
		close(fd);
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
