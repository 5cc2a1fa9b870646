/* SPDX-License-Identifier: MIT */
/*
 * window.h: a long input, seen through a buffer of bounded size.
 *
 * The input is a part of a file, or what gzip (RFC 1952, members one after the
 * other) or zstd (RFC 8878) make of it.  Offsets count the bytes that come out.
 * Expansion is bounded by HM_MAX_EXPANSION, so that a small file cannot keep a
 * worker busy for hours.
 */
#ifndef HM_TELEMETRY_WINDOW_H
#define HM_TELEMETRY_WINDOW_H

#include "base/arena.h"
#include "base/limits.h"

enum hm_codec {
	HM_CODEC_NONE,
	HM_CODEC_GZIP,
	HM_CODEC_ZSTD,
	/* Text of Windows' own tools, by its byte order mark; it becomes UTF-8. */
	HM_CODEC_UTF16LE,
	HM_CODEC_UTF16BE,
	HM_CODECS,
};

enum {
	/* The longest record fits with room to spare. */
	HM_WINDOW_BYTES = HM_MAX_RECORD_BYTES + (1 << 20),
};

struct hm_codec_state;

struct hm_window {
	int fd;
	uint64_t at;       /* where in the file the next bytes are read */
	uint64_t origin;   /* offset of the buffer's first byte in what comes out */
	uint8_t *buffer;   /* HM_WINDOW_BYTES */
	size_t begin, len; /* what of the buffer is unread */
	bool ended;        /* nothing follows what is in the buffer */
	hm_err err;        /* HM_EIO, HM_EFORMAT or HM_ELIMIT, once */
	const char *why;   /* a static sentence */
	struct hm_codec_state *codec;
};

struct hm_window_spec {
	int fd;        /* stays the caller's */
	uint64_t from; /* offset of the file at which reading begins */
	enum hm_codec codec;
	uint8_t *buffer; /* HM_WINDOW_BYTES, the caller's */
};

/* A codec lives in a. */
struct hm_window hm_window_of(const struct hm_window_spec *spec, struct hm_arena *a);

/* What is unread, at least one byte unless the input has ended. */
hm_bytes hm_window_view(struct hm_window *w);

/* Have more unread bytes than now; false where the input has ended or the buffer is
 * full of them. */
bool hm_window_more(struct hm_window *w);

/* Step over len bytes of the view. */
void hm_window_skip(struct hm_window *w, size_t len);

/* The offset of the view's first byte. */
uint64_t hm_window_tell(const struct hm_window *w);

/* Which codec the first bytes of a file speak of. */
enum hm_codec hm_codec_of(hm_bytes head);

#endif
