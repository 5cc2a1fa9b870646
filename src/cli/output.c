/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of path as an absolute path, or NULL. */
static const char *folder_of(struct hm_arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder =
		slash == NULL ? "." : hm_format(a, "%.*s", (int)(slash - path + 1), path);

	return realpath(folder, hm_new_n(a, char, PATH_MAX + 1));
}

/* What is not to be replaced: devices, pipes, and the names of open files, /dev/stdout
 * among them, which are links to regular files often enough. */
static bool is_special(const char *path)
{
	struct stat st;

	return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0 ||
	       (stat(path, &st) == 0 && !S_ISREG(st.st_mode));
}

/* A link stays, and what it leads to is replaced. */
static const char *followed(struct hm_arena *a, const char *path)
{
	const char *target = realpath(path, hm_new_n(a, char, PATH_MAX + 1));

	return target == NULL ? path : target;
}

bool hm_output_open(struct hm_output *o, struct hm_arena *a, const char *path)
{
	*o = (struct hm_output){ .path = followed(a, path) };
	if (is_special(path) || is_special(o->path)) {
		o->to = fopen(path, "we");
	} else {
		const char *slash = strrchr(o->path, '/');
		const char *folder = folder_of(a, o->path);

		if (folder != NULL)
			o->fresh = hm_format(a, "%s/%s.%ld.new", folder,
					     slash == NULL ? o->path : slash + 1,
					     (long)getpid());
		int fd = folder == NULL
				 ? -1
				 : open(o->fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
					0666);
		o->to = fd < 0 ? NULL : fdopen(fd, "w");
	}
	if (o->to == NULL)
		hm_complain("%s: %s", path, strerror(errno));
	return o->to != NULL;
}

/* On the disk before it takes the name of what was there. */
static bool finish(struct hm_output *o)
{
	bool done = !ferror(o->to) && fflush(o->to) == 0 &&
		    (o->fresh == NULL || fsync(fileno(o->to)) == 0);
	int error = errno;

	done &= fclose(o->to) == 0;
	errno = done ? errno : error;
	return done && (o->fresh == NULL || rename(o->fresh, o->path) == 0);
}

int hm_output_close(struct hm_output *o, int status)
{
	if (status == HM_EXIT_FAILED)
		fclose(o->to);
	else if (!finish(o))
		status = hm_complain("%s: %s", o->path, strerror(errno));
	else
		return status;
	if (o->fresh != NULL)
		(void)unlink(o->fresh);
	return status;
}
