/* SPDX-License-Identifier: MIT */
/*
 * bench_evtx FOLDER BIG [MIB]: how fast event logs become JSON lines, and how much
 * faster than with Debian's evtxexport, in the same run.
 *
 * BIG is made from the logs in FOLDER: chunks that hold nothing but Sysmon's and
 * Security's records, filled to more than 90 % by repeating their own records where
 * they are not, and then the chunks repeated in turn.  Times are processor time of one
 * thread.  Exit status 1 where a bound does not hold.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "telemetry/evtx.h"

enum {
	CHUNK = HM_EVTX_CHUNK_BYTES,
	HEAD = HM_EVTX_HEADER_BYTES,
	MOST_CHUNKS = 256,
	MOST_RECORDS = 2048,
	FILLED = CHUNK / 100 * 93,
	LEAST_FOUND = 4,
	TOKEN_TEMPLATE = 0x0c, /* evtxexport reads no record without one */
	DEFAULT_MIB = 320,
	EXPORT_MIB = 16, /* evtxexport is slow: it gets the same chunks, but fewer */
	OUT_BYTES = 1 << 20,
	LEAST_MB = 400,
	LEAST_RECORDS = 300000,
	LEAST_RATIO = 40,
	REPEATS = 3,
};

struct bench {
	struct hm_evtx *json, *records;
	struct hm_arena arena;
	struct hm_buf out, other;
	/* MOST_CHUNKS of each: Security's, Sysmon's */
	uint8_t *chunks[2];
	size_t num_chunks[2];
	/* of the chunk being looked at */
	uint64_t wanted, sysmon, found;
	uint32_t at[MOST_RECORDS];
	bool failed;
};

HM_NORETURN static void fail(const char *what)
{
	perror(what);
	exit(2);
}

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	fail("memory");
}

static void put32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get32(const uint8_t *at)
{
	return hm_at32le((hm_bytes){ at, 4 }, 0);
}

/* ---- which chunks ---- */

static void look_at(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r)
{
	struct bench *b = ctx;
	struct hm_record record;

	hm_arena_reset(&b->arena);
	if (hm_evtx_to_record(e, r, NULL, &b->arena, &record) != HM_OK)
		return;
	bool sysmon = hm_is(record.provider, "Microsoft-Windows-Sysmon");
	b->sysmon += sysmon;
	b->wanted +=
		sysmon || hm_is(record.provider, "Microsoft-Windows-Security-Auditing");
	if (b->found < MOST_RECORDS)
		b->at[b->found++] = r->at - 24;
}

static void keep_line(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r)
{
	struct bench *b = ctx;

	if (hm_evtx_json(e, r, &b->out) != HM_OK)
		b->failed = true;
}

/* The JSON of the record at offset at alone, up to what tells of its place. */
static hm_bytes line_of(struct bench *b, const uint8_t *chunk, uint32_t at,
			struct hm_buf *out)
{
	const struct hm_evtx_record r = { .at = at + 24,
					  .len = get32(chunk + at + 4) - 28 };
	static const char mark[] = ",\"Record\":{";

	hm_buf_clear(out);
	if (hm_evtx_json(b->json, &r, out) != HM_OK)
		return (hm_bytes){ 0 };
	const uint8_t *end = memmem(out->at, out->len, mark, sizeof(mark) - 1);
	return (hm_bytes){ out->at, end != NULL ? (size_t)(end - out->at) : 0 };
}

static void nothing(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r)
{
	(void)ctx, (void)e, (void)r;
}

/* Set what the header says of the records. */
static void seal(uint8_t *chunk, uint32_t end, uint64_t count)
{
	put32(chunk + 8, 1);
	put32(chunk + 12, 0);
	put32(chunk + 16, (uint32_t)count);
	put32(chunk + 20, 0);
	put32(chunk + 48, end);
	put32(chunk + 52, (uint32_t)crc32_z(0, chunk + 512, end - 512));
	uLong sum = crc32_z(0, chunk, 120);
	put32(chunk + 124, (uint32_t)crc32_z(sum, chunk + 128, 384));
}

/*
 * Repeat the chunk's records behind its last until it is filled.  A record that brings
 * a definition refers to its own place and cannot be repeated: the copy reads
 * differently and is taken back.
 */
static void fill(struct bench *b, uint8_t *chunk)
{
	uint32_t end = get32(chunk + 48);
	uint64_t count = b->found, kept = 1;

	for (uint64_t i = 0; end < FILLED && (i % b->found != 0 || kept != 0); i++) {
		uint32_t from = b->at[i % b->found], len = get32(chunk + from + 4);

		kept = i % b->found == 0 ? 0 : kept;
		if (len > CHUNK - end)
			continue;
		memcpy(chunk + end, chunk + from, len);
		/* the reader takes the chunk anew: it holds one more record */
		hm_evtx_chunk(b->json, (hm_bytes){ chunk, CHUNK }, 0, nothing, NULL);
		hm_bytes before = line_of(b, chunk, from, &b->out);
		hm_bytes after = line_of(b, chunk, end, &b->other);
		if (before.len == 0 || !hm_same(before, after))
			continue;
		end += len;
		count++;
		kept++;
	}
	memset(chunk + end, 0, CHUNK - end);
	seal(chunk, end, count);
}

static void take_chunk(struct bench *b, const uint8_t *chunk)
{
	b->found = b->wanted = b->sysmon = 0;
	hm_evtx_chunk(b->records, (hm_bytes){ chunk, CHUNK }, 0, look_at, b);
	uint32_t end = get32(chunk + 48);
	bool sysmon = b->sysmon != 0;
	size_t *count = &b->num_chunks[sysmon];
	uint8_t *own = b->chunks[sysmon] + *count * CHUNK;
	if (*count == MOST_CHUNKS || b->found < LEAST_FOUND || b->wanted != b->found ||
	    end > CHUNK || chunk[512 + 28] != TOKEN_TEMPLATE)
		return;
	memcpy(own, chunk, CHUNK);
	fill(b, own);
	*count += get32(own + 48) >= CHUNK / 10 * 9;
}

static void read_log(struct bench *b, const char *path)
{
	static uint8_t chunk[CHUNK];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t at;
	ssize_t got = fd >= 0 ? pread(fd, chunk, HM_EVTX_HEAD_BYTES, 0) : -1;
	hm_bytes head = { chunk, got > 0 ? (size_t)got : 0 };

	if (hm_evtx_begin(b->records, head, hm_bytes_of(path), &at) == HM_OK &&
	    hm_evtx_begin(b->json, head, hm_bytes_of(path), &at) == HM_OK)
		for (; pread(fd, chunk, CHUNK, (off_t)at) == CHUNK; at += CHUNK)
			take_chunk(b, chunk);
	if (fd >= 0)
		close(fd);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool read_folder(struct bench *b, const char *folder)
{
	struct dirent **names;
	int count = scandir(folder, &names, NULL, by_name);
	char path[4096];

	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (strstr(path, ".evtx") != NULL)
			read_log(b, path);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return b->num_chunks[0] != 0 && b->num_chunks[1] != 0;
}

/* ---- the log ---- */

static void write_log(const struct bench *b, const char *path, size_t mib)
{
	uint8_t head[HEAD] = "ElfFile";
	size_t count = mib * 16; /* chunks */
	FILE *file = fopen(path, "wb");

	put32(head + 16, (uint32_t)count - 1);
	put32(head + 24, 1);
	put32(head + 32, 128);
	put32(head + 36, 3 << 16 | 1);
	put32(head + 40, (uint32_t)(count & 0xffff) << 16 | HEAD);
	put32(head + 124, (uint32_t)crc32_z(0, head, 120));
	if (file == NULL || fwrite(head, 1, HEAD, file) != HEAD)
		fail(path);
	for (size_t i = 0; i < count; i++) {
		size_t kind = i % 2;
		const uint8_t *chunk =
			b->chunks[kind] + i / 2 % b->num_chunks[kind] * CHUNK;

		if (fwrite(chunk, 1, CHUNK, file) != CHUNK)
			fail(path);
	}
	if (fclose(file) != 0)
		fail(path);
}

/* ---- measuring ---- */

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double spent(int who)
{
	struct rusage used;

	getrusage(who, &used);
	return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

struct rate {
	double seconds, mb, records;
};

/* From the file to lines in memory, which are thrown away by the mebibyte. */
static struct rate measure(struct bench *b, const char *path)
{
	static uint8_t chunk[CHUNK];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t at = 0, bytes = 0;
	double begin = spent(RUSAGE_SELF);
	ssize_t got = fd >= 0 ? pread(fd, chunk, HM_EVTX_HEAD_BYTES, 0) : -1;

	if (got < 0 || hm_evtx_begin(b->json, (hm_bytes){ chunk, (size_t)got },
				     hm_bytes_of(path), &at) != HM_OK)
		fail(path);
	for (; (got = pread(fd, chunk, CHUNK, (off_t)at)) > 0; at += (uint64_t)got) {
		hm_evtx_chunk(b->json, (hm_bytes){ chunk, (size_t)got }, at, keep_line,
			      b);
		bytes += (uint64_t)got;
		if (b->out.len > OUT_BYTES)
			hm_buf_clear(&b->out);
	}
	close(fd);
	double took = spent(RUSAGE_SELF) - begin;
	return (struct rate){ took, (double)bytes / 1e6 / took,
			      (double)hm_evtx_stats(b->json)->records / took };
}

/* Bytes a second of evtxexport; 0 where it is not installed. */
static double measure_export(const char *path)
{
	double begin = spent(RUSAGE_CHILDREN);
	struct stat st;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen("/dev/null", "w", stdout) != NULL)
			execlp("evtxexport", "evtxexport", "-f", "xml", path,
			       (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || stat(path, &st) != 0)
		fail(path);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return 0;
	return (double)st.st_size / 1e6 / (spent(RUSAGE_CHILDREN) - begin);
}

static bool report(const struct rate *best, double export_mb)
{
	bool fine = best->mb >= LEAST_MB && best->records >= LEAST_RECORDS;

	printf("evtx to JSON lines: %.0f MB/s (least %d), %.0f records/s (least %d)\n",
	       best->mb, LEAST_MB, best->records, LEAST_RECORDS);
	if (export_mb == 0) {
		puts("evtxexport: not installed (libevtx-utils), not compared");
		return fine;
	}
	printf("evtxexport: %.1f MB/s; we are %.0f times as fast (least %d)\n", export_mb,
	       best->mb / export_mb, LEAST_RATIO);
	return fine && best->mb / export_mb >= LEAST_RATIO;
}

static bool run(struct bench *b, const char *path, size_t mib)
{
	struct rate best = { 0 };
	char small[4096];

	printf("a log of %zu MiB: by turns %zu chunks of Security and %zu of Sysmon\n",
	       mib, b->num_chunks[0], b->num_chunks[1]);
	fflush(stdout);
	write_log(b, path, mib);
	for (int i = 0; i < REPEATS; i++) {
		struct rate r = measure(b, path);

		if (r.mb > best.mb)
			best = r;
	}
	snprintf(small, sizeof(small), "%s.small", path);
	write_log(b, small, EXPORT_MIB);
	double export_mb = measure_export(small);
	unlink(small);
	unlink(path);
	return report(&best, export_mb) && !b->failed;
}

int main(int argc, char **argv)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (b == NULL || argc < 3)
		fail("bench_evtx FOLDER BIG [MIB]");
	b->out = hm_buf_of((size_t)64 << 20);
	b->other = hm_buf_of((size_t)64 << 20);
	b->chunks[0] = malloc((size_t)MOST_CHUNKS * CHUNK);
	b->chunks[1] = malloc((size_t)MOST_CHUNKS * CHUNK);
	if (b->chunks[0] == NULL || b->chunks[1] == NULL ||
	    hm_arena_open(64 << 20, full, NULL, &b->arena) != HM_OK ||
	    hm_evtx_open(HM_EVTX_JSON, full, NULL, &b->json) != HM_OK ||
	    hm_evtx_open(HM_EVTX_RECORDS, full, NULL, &b->records) != HM_OK)
		fail("memory");
	if (!read_folder(b, argv[1])) {
		puts("SKIP: no event logs of Sysmon and Security to build from");
		return 0;
	}
	bool fine = run(b, argv[2], argc > 3 ? (size_t)atol(argv[3]) : DEFAULT_MIB);
	if (b->failed)
		puts("a record could not be decoded");
	hm_evtx_close(b->json);
	hm_evtx_close(b->records);
	hm_arena_close(&b->arena);
	hm_buf_done(&b->out);
	hm_buf_done(&b->other);
	free(b->chunks[0]);
	free(b->chunks[1]);
	free(b);
	return fine ? 0 : 1;
}
