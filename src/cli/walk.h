/* SPDX-License-Identifier: MIT */
/*
 * walk.h: from the paths that a person gives to open files.
 *
 * Files are opened once, without waiting, and only if they are regular: a pipe
 * or a device that calls itself setup.exe is named and left alone.  Folders are
 * walked in the order of their names and symbolic links in them are not
 * followed; a link that is given by name is.  "-" is standard input, copied.
 */
#ifndef HM_CLI_WALK_H
#define HM_CLI_WALK_H

#include "cli/cli.h"

struct hm_walk {
	bool folders; /* walk into folders; without it a folder is complained of */
	/* Takes the open file, which it closes.  Returns false to stop the walk. */
	bool (*file)(void *ctx, const char *path, int fd);
	/* A path that could not be opened, after it was complained of; may be NULL. */
	void (*failed)(void *ctx, const char *path, int error);
	void *ctx;
};

/* HM_EXIT_OK, or HM_EXIT_FAILED where some path could not be opened. */
int hm_walk(const struct hm_walk *walk, const struct hm_list *paths);

#endif
