/* SPDX-License-Identifier: MIT */
/*
 * confine.c: resource limits, Landlock and seccomp, in that order.
 *
 * Landlock: kernel's userspace-api/landlock.rst.  Debian's header stops at ABI
 * 2, so the structure and the bits of later ABIs are spelt out here.
 */
#include "proc/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A limit that is lower already stays: it cannot be raised, and need not. */
static bool limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(what, &now) != 0)
		return false;
	if (now.rlim_max < most)
		most = now.rlim_max;
	return setrlimit(what, &(struct rlimit){ most, most }) == 0;
}

#ifdef HM_SANITIZED
/* The sanitizer's shadow takes terabytes of address space: the arena is the bound. */
static bool limit_memory(size_t memory_bytes)
{
	return memory_bytes != 0;
}
#else
/* Address space for a file mapped read-only: a signed PE is below 4 GiB by its format. */
static const rlim_t mapped_bytes = (rlim_t)8 << 30;

/* For the allocator and OpenSSL, beyond the arena. */
static const rlim_t spare_bytes = (rlim_t)64 << 20;

/* What the process has mapped already, and how much of it is data (proc(5), statm). */
static bool measure(rlim_t *mapped, rlim_t *data)
{
	unsigned long long pages[6] = { 0 };
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return false;
	/* NOLINTNEXTLINE(cert-err34-c) the kernel wrote it, and the count is checked */
	int got = fscanf(f, "%llu %llu %llu %llu %llu %llu", &pages[0], &pages[1],
			 &pages[2], &pages[3], &pages[4], &pages[5]);
	fclose(f);
	rlim_t page = (rlim_t)sysconf(_SC_PAGESIZE);
	*mapped = pages[0] * page;
	*data = pages[5] * page;
	return got == 6;
}

static bool limit_memory(size_t memory_bytes)
{
	rlim_t mapped, data;

	/* the arena is mapped already; memory_bytes more would be its double */
	return measure(&mapped, &data) && memory_bytes != 0 &&
	       limit(RLIMIT_AS, mapped + spare_bytes + mapped_bytes) &&
	       limit(RLIMIT_DATA, data + spare_bytes);
}
#endif

static bool limit_resources(size_t memory_bytes)
{
	return limit_memory(memory_bytes) && limit(RLIMIT_FSIZE, 0) &&
	       limit(RLIMIT_NPROC, 0) && limit(RLIMIT_CORE, 0) &&
	       limit(RLIMIT_NOFILE, 64);
}

/* struct landlock_ruleset_attr as of ABI 6. */
struct ruleset {
	uint64_t handled_access_fs, handled_access_net, scoped;
};

/* Handle everything that the ABI knows and allow nothing. */
static struct ruleset all_of(int abi)
{
	/* rights known to ABI 1, 2, 3, 4, 5 and later ones */
	static const unsigned fs_bits[] = { 13, 14, 15, 15, 16 };
	unsigned bits = fs_bits[abi < 5 ? abi - 1 : 4];

	return (struct ruleset){
		.handled_access_fs = (UINT64_C(1) << bits) - 1,
		.handled_access_net = abi >= 4 ? 3 : 0, /* bind and connect TCP */
		.scoped = abi >= 6 ? 3 : 0,             /* abstract sockets, signals */
	};
}

static int add_landlock(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1u /* the version */);

	if (abi < 1)
		return 0;

	struct ruleset rules = all_of((int)abi);
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	long set = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (set < 0)
		return 0;
	bool done = syscall(SYS_landlock_restrict_self, (int)set, 0) == 0;
	close((int)set);
	return done ? (int)abi : 0;
}

/* What a worker may ask of the kernel; all else fails with EPERM.  First what it asks
 * most: the filter goes through them in turn. */
static const unsigned allowed[] = {
	SYS_sendmsg,
	SYS_recvmsg,
	SYS_read,
	SYS_close,
	SYS_munmap,
	SYS_brk,
	SYS_lseek,
	SYS_futex,
	SYS_pread64,
	SYS_write,
	SYS_mremap,
	SYS_madvise,
	SYS_getrandom,
	SYS_clock_gettime,
	SYS_gettimeofday,
	SYS_sched_yield,
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
	/* abort() and the sanitizers' reports */
	SYS_rt_sigreturn,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_sigaltstack,
	SYS_getpid,
	SYS_gettid,
	SYS_tgkill,
};

/* Memory, but none that can be run: the third argument has no PROT_EXEC. */
static const unsigned inert[] = { SYS_mmap, SYS_mprotect };

enum {
	NUM_ALLOWED = sizeof(allowed) / sizeof(allowed[0]),
	NUM_INERT = sizeof(inert) / sizeof(inert[0]),
	/* instructions: for each of them, and the frame around */
	MAX_FILTER = 2 * NUM_ALLOWED + 5 * NUM_INERT + 5,
};

struct filter {
	struct sock_filter at[MAX_FILTER];
	unsigned short num;
};

#if defined(__x86_64__)
static const unsigned this_arch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static const unsigned this_arch = AUDIT_ARCH_AARCH64;
#else
#error "the numbers of the system calls of this machine are not known here"
#endif

/* One instruction; yes and no are how many to skip of those that follow. */
static void put(struct filter *f, unsigned code, unsigned value, unsigned yes,
		unsigned no)
{
	f->at[f->num++] =
		(struct sock_filter){ (uint16_t)code, (uint8_t)yes, (uint8_t)no, value };
}

static void put_load(struct filter *f, size_t offset)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void put_end(struct filter *f, unsigned action)
{
	put(f, BPF_RET | BPF_K, action, 0, 0);
}

/* seccomp(2).  Calls of another machine's kind (32 bits, x32) match no number here, and
 * the first ends the process, since its numbers mean other calls. */
static void fill(struct filter *f)
{
	put_load(f, offsetof(struct seccomp_data, arch));
	put(f, BPF_JMP | BPF_JEQ | BPF_K, this_arch, 1, 0);
	put_end(f, SECCOMP_RET_KILL_PROCESS);
	put_load(f, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < NUM_ALLOWED; i++) {
		put(f, BPF_JMP | BPF_JEQ | BPF_K, allowed[i], 0, 1);
		put_end(f, SECCOMP_RET_ALLOW);
	}
	for (size_t i = 0; i < NUM_INERT; i++) {
		put(f, BPF_JMP | BPF_JEQ | BPF_K, inert[i], 0, 4);
		/* little endian: its lower half, where the bits are, comes first */
		put_load(f, offsetof(struct seccomp_data, args[2]));
		put(f, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0);
		put_end(f, SECCOMP_RET_ALLOW);
		put_end(f, SECCOMP_RET_ERRNO | EPERM);
	}
	put_end(f, SECCOMP_RET_ERRNO | EPERM);
}

static bool add_seccomp(void)
{
	struct filter f = { .num = 0 };
	struct sock_fprog program;

	fill(&f);
	program = (struct sock_fprog){ .len = f.num, .filter = f.at };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool close_others(int keep)
{
	unsigned next = (unsigned)keep + 1;

	return syscall(SYS_close_range, 0u, 1u, 0u) == 0 &&
	       (keep == 3 || syscall(SYS_close_range, 3u, (unsigned)keep - 1, 0u) == 0) &&
	       syscall(SYS_close_range, next, ~0u, 0u) == 0;
}

hm_err hm_confine(int keep, size_t memory_bytes, int *abi, const char **why)
{
	*why = "the worker's descriptors or limits could not be set";
	if (!close_others(keep) || !limit_resources(memory_bytes))
		return HM_EUNSUP;

	*why = "the worker could not give up its rights (no_new_privs)";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
		return HM_EUNSUP;

	*abi = add_landlock();
	*why = "seccomp is not available: no file is parsed without it";
	return add_seccomp() ? HM_OK : HM_EUNSUP;
}
