/* SPDX-License-Identifier: MIT */
/*
 * shim: the N-th call of one kind fails, in this process or in those that it forks.
 *
 * Loaded with LD_PRELOAD.  FAULT_KIND is a kind below, FAULT_AT counts from 1,
 * FAULT_STICKY=1 lets all later calls fail too, and FAULT_STATE is a file of 8 bytes that
 * counts the calls of all processes.  What "short" does is lawful: a part of the bytes.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { NOTHING, MEMORY, READ, SHORT, SEND, RECEIVE, MAP, STAT, OPEN, FORK, POLL };

static const char *const kinds[] = { "nothing", "memory",  "read", "short",
				     "send",    "receive", "map",  "stat",
				     "open",    "fork",    "poll" };

static struct {
	enum kind kind;
	uint64_t at;
	bool sticky;
	_Atomic uint64_t *count; /* shared by all processes */
} plan;

__attribute__((constructor)) static void begin(void)
{
	const char *kind = getenv("FAULT_KIND"), *at = getenv("FAULT_AT");
	const char *state = getenv("FAULT_STATE"), *sticky = getenv("FAULT_STICKY");

	if (kind == NULL || at == NULL || state == NULL)
		return;
	int fd = open(state, O_RDWR | O_CLOEXEC);
	void *map = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		abort();
	close(fd);
	plan.count = map;
	plan.at = strtoull(at, NULL, 10);
	plan.sticky = sticky != NULL && *sticky == '1';
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kind, kinds[i]) == 0)
			plan.kind = (enum kind)i;
	}
}

/* Whether this call is to fail. */
static bool hit(enum kind kind)
{
	if (plan.kind != kind || plan.count == NULL)
		return false;
	uint64_t n = atomic_fetch_add(plan.count, 1) + 1;

	return n == plan.at || (plan.sticky && n > plan.at);
}

static int fails(int error)
{
	errno = error;
	return -1;
}

/* The real functions.  glibc exports the allocator under other names too. */
void *__libc_malloc(size_t len);
void *__libc_calloc(size_t num, size_t len);
void *__libc_realloc(void *old, size_t len);

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))(uintptr_t)dlsym(RTLD_NEXT, name))

void *malloc(size_t len)
{
	if (hit(MEMORY)) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(len);
}

void *calloc(size_t num, size_t len)
{
	if (hit(MEMORY)) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(num, len);
}

void *realloc(void *old, size_t len)
{
	if (hit(MEMORY)) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(old, len);
}

ssize_t read(int fd, void *to, size_t len)
{
	if (hit(READ))
		return fails(EIO);
	if (len > 1 && hit(SHORT))
		len = 1;
	return REAL(ssize_t, "read", int, void *, size_t)(fd, to, len);
}

ssize_t write(int fd, const void *from, size_t len)
{
	if (len > 1 && hit(SHORT))
		len = 1;
	return REAL(ssize_t, "write", int, const void *, size_t)(fd, from, len);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (hit(SEND))
		return fails(ENOBUFS);
	return REAL(ssize_t, "sendmsg", int, const struct msghdr *, int)(fd, message,
									 flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	if (hit(RECEIVE))
		return fails(EIO);
	return REAL(ssize_t, "recvmsg", int, struct msghdr *, int)(fd, message, flags);
}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	if (hit(MAP)) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return REAL(void *, "mmap", void *, size_t, int, int, int,
		    off_t)(at, len, prot, flags, fd, offset);
}

/* As code with 64-bit offsets calls them. */
void *mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	return mmap(at, len, prot, flags, fd, offset);
}

int fstat(int fd, struct stat *to)
{
	if (hit(STAT))
		return fails(EIO);
	return REAL(int, "fstat", int, struct stat *)(fd, to);
}

int open(const char *path, int flags, ...)
{
	if (hit(OPEN))
		return fails(EMFILE);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
}

int fstat64(int fd, struct stat64 *to)
{
	if (hit(STAT))
		return fails(EIO);
	return REAL(int, "fstat64", int, struct stat64 *)(fd, to);
}

int open64(const char *path, int flags, ...)
{
	return open(path, flags);
}

int __open64_2(const char *path, int flags); /* of fortified code */

int __open64_2(const char *path, int flags)
{
	return open(path, flags);
}

pid_t fork(void)
{
	if (hit(FORK))
		return fails(EAGAIN);
	return REAL(pid_t, "fork", void)();
}

int poll(struct pollfd *fds, nfds_t num, int timeout)
{
	if (hit(POLL))
		return fails(ENOMEM);
	return REAL(int, "poll", struct pollfd *, nfds_t, int)(fds, num, timeout);
}
