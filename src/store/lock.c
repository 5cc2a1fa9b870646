/* SPDX-License-Identifier: MIT */
/*
 * lock.c: fcntl locks, which a forked worker does not inherit and which end with
 * the process.  The file tells what the owner is doing; it is never deleted, since
 * two processes could then own two files of one name.
 */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int set_lock(int fd, int how)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int done;

	do
		done = fcntl(fd, how, &whole);
	while (done != 0 && errno == EINTR);
	return done;
}

/* "ingest (process 7)", as far as it can be known. */
static void name_holder(int fd, char out[HM_LOCK_HOLDER])
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char command[64] = { 0 };

	if (pread(fd, command, sizeof(command) - 1, 0) <= 0)
		snprintf(command, sizeof(command), "another command");
	command[strcspn(command, "\n")] = '\0';
	if (fcntl(fd, F_GETLK, &whole) != 0 || whole.l_type == F_UNLCK)
		snprintf(out, HM_LOCK_HOLDER, "%s", command);
	else
		snprintf(out, HM_LOCK_HOLDER, "%s (process %ld)", command,
			 (long)whole.l_pid);
}

static hm_err wait_for(int fd, const struct hm_lock_spec *spec)
{
	char holder[HM_LOCK_HOLDER];

	if (errno != EACCES && errno != EAGAIN)
		return HM_EIO;
	name_holder(fd, holder);
	if (spec->waiting != NULL)
		spec->waiting(spec->ctx, holder);
	return set_lock(fd, F_SETLKW) == 0 ? HM_OK : HM_EIO;
}

hm_err hm_lock_take(const struct hm_lock_spec *spec, int *fd)
{
	char line[64];
	int lock = open(spec->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	hm_err err = HM_OK;

	if (lock < 0)
		return HM_EIO;
	if (set_lock(lock, F_SETLK) != 0)
		err = wait_for(lock, spec);
	if (err != HM_OK) {
		int error = errno;

		close(lock);
		errno = error;
		return err;
	}
	/* only a courtesy to who waits: a full disk does not matter here */
	int len = snprintf(line, sizeof(line), "%.60s\n", spec->command);
	if (ftruncate(lock, 0) == 0)
		(void)!pwrite(lock, line, (size_t)len, 0);
	*fd = lock;
	return HM_OK;
}
