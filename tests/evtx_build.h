/* SPDX-License-Identifier: MIT */
/*
 * evtx_build.h: makes event logs for tests, lawful ones and others.
 *
 * A chunk is written from its first record on; what is not lawful is made by writing
 * over it before build_end, which sets the chunk's header.  Names are put where they
 * are used, each time anew.
 */
#ifndef HM_TESTS_EVTX_BUILD_H
#define HM_TESTS_EVTX_BUILD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BUILD_CHUNK = 65536, BUILD_FIRST = 512 };

struct build {
	uint8_t *chunk;    /* of BUILD_CHUNK bytes */
	uint32_t at;       /* the next byte */
	uint32_t record;   /* where the record being written begins */
	uint32_t template; /* where the size of the template being written stands */
	uint64_t count;
	bool in_template; /* elements carry dependency ids */
};

static inline void put8(struct build *b, uint8_t value)
{
	if (b->at < BUILD_CHUNK)
		b->chunk[b->at++] = value;
}

static inline void put16(struct build *b, uint16_t value)
{
	put8(b, (uint8_t)value);
	put8(b, (uint8_t)(value >> 8));
}

static inline void put32(struct build *b, uint32_t value)
{
	put16(b, (uint16_t)value);
	put16(b, (uint16_t)(value >> 16));
}

static inline void put64(struct build *b, uint64_t value)
{
	put32(b, (uint32_t)value);
	put32(b, (uint32_t)(value >> 32));
}

static inline void set32(struct build *b, uint32_t at, uint32_t value)
{
	for (uint32_t i = 0; i < 4; i++)
		b->chunk[at + i] = (uint8_t)(value >> 8 * i);
}

static inline void put_bytes(struct build *b, const void *what, size_t len)
{
	const uint8_t *next = what;

	for (size_t i = 0; i < len; i++)
		put8(b, next[i]);
}

/* ASCII as UTF-16 */
static inline void put_wide(struct build *b, const char *text)
{
	for (; *text != 0; text++)
		put16(b, (uint8_t)*text);
}

static inline void put_name(struct build *b, const char *name)
{
	put32(b, b->at + 4);
	put32(b, 0);
	put16(b, 0);
	put16(b, (uint16_t)strlen(name));
	put_wide(b, name);
	put16(b, 0);
}

static inline void open_tag(struct build *b, const char *name, bool has_attributes)
{
	put8(b, has_attributes ? 0x41 : 0x01);
	if (b->in_template)
		put16(b, 0xffff);
	put32(b, 0);
	put_name(b, name);
	if (has_attributes)
		put32(b, 0);
}

static inline void attribute(struct build *b, const char *name)
{
	put8(b, 0x06);
	put_name(b, name);
}

static inline void text(struct build *b, const char *value)
{
	put8(b, 0x05);
	put8(b, 0x01);
	put16(b, (uint16_t)strlen(value));
	put_wide(b, value);
}

static inline void slot(struct build *b, uint16_t number, uint8_t type)
{
	put8(b, 0x0e);
	put16(b, number);
	put8(b, type);
}

/* "02": the start tag closes; "03": and the element is empty; "04": an end tag. */
static inline void tag_closes(struct build *b)
{
	put8(b, 0x02);
}

static inline void empty_closes(struct build *b)
{
	put8(b, 0x03);
}

static inline void end_tag(struct build *b)
{
	put8(b, 0x04);
}

static inline void fragment(struct build *b)
{
	put32(b, 0x0001010f);
}

static inline void record_begin(struct build *b)
{
	b->record = b->at;
	put32(b, 0x2a2a);
	put32(b, 0);
	put64(b, ++b->count);
	put64(b, UINT64_C(132223104000000000)); /* 2020-01-01 */
}

static inline void record_end(struct build *b)
{
	while ((b->at + 4) % 8 != 0)
		put8(b, 0);
	uint32_t len = b->at + 4 - b->record;
	put32(b, len);
	set32(b, b->record + 4, len);
}

/* An instance of a template with this id, defined here. */
static inline void template_begin(struct build *b, uint32_t id)
{
	put8(b, 0x0c);
	put8(b, 1);
	put32(b, id);
	put32(b, b->at + 4);
	put32(b, 0);
	put32(b, id);
	put64(b, 0x1122334455667788);
	put32(b, 0x99aabbcc);
	b->template = b->at;
	put32(b, 0);
	fragment(b);
	b->in_template = true;
}

static inline void template_end(struct build *b)
{
	put8(b, 0);
	set32(b, b->template, b->at - b->template - 4);
	b->in_template = false;
}

/* The values of an instance: their number, then each one's size and type. */
static inline void values(struct build *b, uint32_t count)
{
	put32(b, count);
}

static inline void value_head(struct build *b, uint16_t size, uint8_t type)
{
	put16(b, size);
	put8(b, type);
	put8(b, 0);
}

static inline void build_begin(struct build *b)
{
	memset(b, 0, sizeof(*b));
	b->chunk = calloc(1, BUILD_CHUNK);
	if (b->chunk == NULL)
		abort();
	b->at = BUILD_FIRST;
}

static inline void build_done(struct build *b)
{
	free(b->chunk);
}

static inline void build_sums(struct build *b)
{
	set32(b, 52, (uint32_t)crc32(0, b->chunk + BUILD_FIRST, b->at - BUILD_FIRST));
	uLong sum = crc32(0, b->chunk, 120);
	set32(b, 124, (uint32_t)crc32(sum, b->chunk + 128, 384));
}

static inline void build_end(struct build *b)
{
	memcpy(b->chunk, "ElfChnk", 8);
	set32(b, 8, 1);
	set32(b, 16, (uint32_t)b->count);
	set32(b, 24, 1);
	set32(b, 32, (uint32_t)b->count);
	set32(b, 40, 128);
	set32(b, 44, b->record);
	set32(b, 48, b->at);
	build_sums(b);
}

/* A file's header, of which readers need the magic and the flags. */
static inline void build_header(uint8_t header[4096])
{
	memset(header, 0, 4096);
	memcpy(header, "ElfFile", 8);
	header[40] = 128;
	header[36] = 1;
	header[38] = 3;
}

#endif
