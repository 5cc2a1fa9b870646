/* SPDX-License-Identifier: MIT */
#include "cli/cab.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/limits.h"
#include "proc/box.h"

enum { CAB_ARENA = 128 << 20, CAB_CPU_MS = 5000 };

/* ---- in the worker: one frame, "+" and the file, or "-" and a sentence ---- */

static void refuse(struct hm_job *job, const char *why)
{
	struct hm_buf b = hm_buf_of(1024);

	hm_put_u8(&b, '-');
	hm_put_str(&b, why != NULL ? why : "cannot be unpacked");
	hm_job_emit(job, hm_buf_bytes(&b));
	hm_buf_done(&b);
}

static void emit_entry(struct hm_job *job, struct archive *cab)
{
	struct hm_buf b = hm_buf_of(HM_MAX_LIST_BYTES + 1);
	const void *piece;
	la_int64_t offset;
	size_t len;
	int got;

	hm_put_u8(&b, '+');
	while ((got = archive_read_data_block(cab, &piece, &len, &offset)) == ARCHIVE_OK)
		hm_put(&b, (hm_bytes){ piece, len });
	if (got != ARCHIVE_EOF)
		refuse(job, archive_error_string(cab));
	else if (b.err != HM_OK)
		refuse(job, "what is in it is larger than any list");
	else
		hm_job_emit(job, hm_buf_bytes(&b));
	hm_buf_done(&b);
}

static void unpack(struct hm_job *job)
{
	struct archive *cab = archive_read_new();
	struct archive_entry *entry;
	hm_bytes file;

	if (cab == NULL || hm_job_map(job, &file) != HM_OK ||
	    archive_read_support_format_cab(cab) != ARCHIVE_OK ||
	    archive_read_open_memory(cab, file.at, file.len) != ARCHIVE_OK ||
	    archive_read_next_header(cab, &entry) != ARCHIVE_OK)
		refuse(job, cab != NULL ? archive_error_string(cab) : "out of memory");
	else
		emit_entry(job, cab);
	archive_read_free(cab);
}

/* ---- outside ---- */

/* Puts the answer's file into out. */
static hm_err take(hm_bytes answer, struct hm_buf *out, const char **why)
{
	struct hm_cur c = hm_cur_of(answer);

	/* The worker's sentence is about hostile bytes: ours is enough. */
	*why = "is no cabinet with a list in it";
	if (hm_u8(&c, "answer") != '+' || !hm_more(&c))
		return HM_EFORMAT;
	hm_put(out, hm_rest(&c));
	return out->err;
}

hm_err hm_cab_unpack(int fd, struct hm_buf *out, const char **why)
{
	static const struct hm_box_spec spec = { .work = unpack,
						 .arena_bytes = CAB_ARENA,
						 .cpu_ms = CAB_CPU_MS };
	struct hm_buf frame = hm_buf_of(HM_MAX_FRAME_BYTES);
	struct hm_box *box = NULL;
	bool done;
	hm_err err = hm_box_open(&spec, &box, why);

	if (err == HM_OK) {
		err = hm_box_send(box, fd, (hm_bytes){ 0 });
		if (err == HM_OK)
			err = hm_box_receive(box, &frame, &done);
		*why = "unpacking it took too much, or crashed the worker";
	}
	if (err == HM_OK)
		err = take(hm_buf_bytes(&frame), out, why);
	hm_box_close(box);
	hm_buf_done(&frame);
	return err;
}
