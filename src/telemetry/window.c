/* SPDX-License-Identifier: MIT */
#include "telemetry/window.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	INPUT_BYTES = 1 << 18,
	READ_BYTES = 1 << 20,
	LEAST_ROOM = 64, /* a codec gives a character at least */
};

struct hm_codec_state {
	enum hm_codec kind;
	z_stream gzip;
	ZSTD_DStream *zstd;
	uint8_t input[INPUT_BYTES];
	size_t begin, len;     /* what of input is unread */
	uint64_t taken, given; /* bytes in and out, for the expansion's bound */
	bool file_ended;
	bool begun;   /* with the first member */
	bool between; /* at the end of a member or frame */
};

static void end_gzip(void *object)
{
	inflateEnd(object);
}

static void end_zstd(void *object)
{
	ZSTD_freeDStream(object);
}

static void fail(struct hm_window *w, hm_err err, const char *why)
{
	if (w->err == HM_OK) {
		w->err = err;
		w->why = why;
	}
	w->ended = true;
}

static struct hm_codec_state *open_codec(enum hm_codec kind, struct hm_arena *a)
{
	struct hm_codec_state *s = hm_new(a, struct hm_codec_state);

	s->kind = kind;
	s->between = true;
	/* 32: both zlib's and gzip's head are known by themselves */
	if (kind == HM_CODEC_GZIP && inflateInit2(&s->gzip, 15 + 32) == Z_OK)
		hm_defer(a, end_gzip, &s->gzip);
	if (kind == HM_CODEC_ZSTD && (s->zstd = ZSTD_createDStream()) != NULL)
		hm_defer(a, end_zstd, s->zstd);
	return s;
}

struct hm_window hm_window_of(const struct hm_window_spec *spec, struct hm_arena *a)
{
	struct hm_window w = { .fd = spec->fd,
			       .at = spec->from,
			       .origin = spec->from,
			       .buffer = spec->buffer };

	if (spec->codec != HM_CODEC_NONE)
		w.codec = open_codec(spec->codec, a);
	return w;
}

/* Up to size bytes of the file; 0 at its end. */
static size_t read_file(struct hm_window *w, uint8_t *into, size_t size)
{
	ssize_t got = pread(w->fd, into, size, (off_t)w->at);

	if (got < 0) {
		fail(w, HM_EIO, "it could not be read");
		return 0;
	}
	w->at += (uint64_t)got;
	return (size_t)got;
}

static void fill_input(struct hm_window *w, struct hm_codec_state *s)
{
	size_t left = s->len - s->begin;

	/* half a character of UTF-16 waits for the other half */
	if (s->file_ended || left > (s->kind >= HM_CODEC_UTF16LE ? 3U : 0U))
		return;
	memmove(s->input, s->input + s->begin, left);
	s->begin = 0;
	size_t got = read_file(w, s->input + left, sizeof(s->input) - left);
	s->len = left + got;
	s->taken += got;
	s->file_ended = got == 0;
}

static size_t inflate_some(struct hm_window *w, uint8_t *into, size_t size)
{
	struct hm_codec_state *s = w->codec;
	z_stream *z = &s->gzip;

	/* members may follow one another (RFC 1952, 2.2) */
	if (s->between && s->begun && inflateReset(z) != Z_OK)
		fail(w, HM_EFORMAT, "its gzip data cannot be read");
	s->between = false;
	s->begun = true;
	z->next_in = s->input + s->begin;
	z->avail_in = (unsigned)(s->len - s->begin);
	z->next_out = into;
	z->avail_out = (unsigned)size;
	int result = inflate(z, Z_NO_FLUSH);
	s->begin = s->len - z->avail_in;
	if (result == Z_STREAM_END)
		s->between = true;
	else if (result != Z_OK && result != Z_BUF_ERROR)
		fail(w, HM_EFORMAT, "its gzip data is damaged");
	return size - z->avail_out;
}

static size_t decompress_some(struct hm_window *w, uint8_t *into, size_t size)
{
	struct hm_codec_state *s = w->codec;
	ZSTD_inBuffer in = { s->input + s->begin, s->len - s->begin, 0 };
	ZSTD_outBuffer out = { into, size, 0 };

	if (s->zstd == NULL) {
		fail(w, HM_EIO, "there is no memory to decompress it");
		return 0;
	}
	size_t result = ZSTD_decompressStream(s->zstd, &out, &in);
	s->begin += in.pos;
	s->between = result == 0;
	if (ZSTD_isError(result))
		fail(w, HM_EFORMAT, "its zstd data is damaged, or needs a larger window");
	return out.pos;
}

/* Whether the two bytes before end begin a character of four. */
static bool splits_pair(const struct hm_codec_state *s, size_t end)
{
	size_t high = s->kind == HM_CODEC_UTF16BE ? end - 2 : end - 1;

	return (s->input[high] & 0xfc) == 0xd8;
}

static size_t widen_some(struct hm_codec_state *s, uint8_t *into, size_t size)
{
	size_t len = s->len - s->begin, got = 0;
	struct hm_buf b = hm_buf_of(size);

	/* two bytes become three at most */
	if (len > size / 3 * 2)
		len = size / 3 * 2;
	len -= len % 2;
	if (len != 0 && !s->file_ended && splits_pair(s, s->begin + len))
		len -= 2;
	hm_bytes text = { s->input + s->begin, len };
	if (s->kind == HM_CODEC_UTF16BE)
		hm_put_utf16be(&b, text);
	else
		hm_put_utf16le(&b, text);
	got = b.len;
	if (got != 0)
		memcpy(into, b.at, got);
	hm_buf_done(&b);
	s->begin += len;
	s->between = s->len - s->begin < 2;
	/* a byte alone at the end is no character */
	if (s->file_ended && s->between)
		s->begin = s->len;
	return got;
}

static size_t decode_some(struct hm_window *w, uint8_t *into, size_t size)
{
	switch (w->codec->kind) {
	case HM_CODEC_GZIP: return inflate_some(w, into, size);
	case HM_CODEC_ZSTD: return decompress_some(w, into, size);
	case HM_CODEC_UTF16LE:
	case HM_CODEC_UTF16BE: return widen_some(w->codec, into, size);
	case HM_CODEC_NONE:
	case HM_CODECS: break;
	}
	return 0;
}

static size_t read_codec(struct hm_window *w, uint8_t *into, size_t size)
{
	struct hm_codec_state *s = w->codec;
	size_t got = 0;

	while (got == 0 && w->err == HM_OK) {
		fill_input(w, s);
		if (s->file_ended && s->begin == s->len && s->between)
			return 0;
		size_t before = s->begin;
		got = decode_some(w, into, size);
		if (got == 0 && s->file_ended && s->begin == before && !s->between)
			fail(w, HM_ETRUNC, "its compressed data ends early");
	}
	s->given += got;
	if (s->given > (s->taken + INPUT_BYTES) * HM_MAX_EXPANSION)
		fail(w, HM_ELIMIT, "it expands more than 1000 times");
	return got;
}

bool hm_window_more(struct hm_window *w)
{
	if (w->ended || w->len > HM_WINDOW_BYTES - LEAST_ROOM)
		return false;
	if (w->begin + w->len > HM_WINDOW_BYTES - LEAST_ROOM) {
		memmove(w->buffer, w->buffer + w->begin, w->len);
		w->begin = 0;
	}

	uint8_t *into = w->buffer + w->begin + w->len;
	size_t room = HM_WINDOW_BYTES - w->begin - w->len;
	if (room > READ_BYTES)
		room = READ_BYTES;
	size_t got =
		w->codec != NULL ? read_codec(w, into, room) : read_file(w, into, room);
	w->len += got;
	if (got == 0)
		w->ended = true;
	return got != 0;
}

hm_bytes hm_window_view(struct hm_window *w)
{
	if (w->len == 0) {
		w->begin = 0;
		hm_window_more(w);
	}
	return (hm_bytes){ w->buffer + w->begin, w->len };
}

void hm_window_skip(struct hm_window *w, size_t len)
{
	if (len > w->len)
		len = w->len;
	w->begin += len;
	w->len -= len;
	w->origin += len;
}

uint64_t hm_window_tell(const struct hm_window *w)
{
	return w->origin;
}

enum hm_codec hm_codec_of(hm_bytes head)
{
	if (hm_at16le(head, 0) == 0x8b1f)
		return HM_CODEC_GZIP;
	if (hm_at16le(head, 0) == 0xfeff)
		return HM_CODEC_UTF16LE;
	if (hm_at16le(head, 0) == 0xfffe)
		return HM_CODEC_UTF16BE;
	return hm_at32le(head, 0) == 0xfd2fb528 ? HM_CODEC_ZSTD : HM_CODEC_NONE;
}
