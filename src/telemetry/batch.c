/* SPDX-License-Identifier: MIT */
#include "telemetry/batch.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum { BATCH_MAGIC = 0x31424d48 /* "HMB1" */, ID_BYTES = 16 };

/* The cells of one column of the batch under way. */
struct column {
	struct hm_buf lens, bytes;   /* texts */
	struct hm_buf valid, values; /* numbers */
	uint32_t name;               /* FNV-1a of the column's name */
	bool text;
	bool keyed; /* part of a row's identity */
};

struct table {
	size_t rows;
	size_t bytes; /* of its texts, to bound the frame */
	struct hm_buf ids, numbered;
};

struct hm_batcher {
	struct table tables[HM_TABLE_COUNT];
	struct column columns[HM_COL_COUNT];
	struct hm_buf key; /* what a row's identity is taken of */
	struct hm_buf frame;
	struct hm_buf clean; /* a text without broken UTF-8 */
	EVP_MD *sha256;
	EVP_MD_CTX *digest;
	hm_batch_fn emit;
	void *ctx;
};

bool hm_batch_is_text(enum hm_type type)
{
	return type == HM_TYPE_STRING || type == HM_TYPE_DYNAMIC;
}

static uint32_t hash_name(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return hash;
}

/* What the identity does not depend on. */
static bool is_about_reading(int column)
{
#define HM_TABLE(id, name, meaning)                                                      \
	if (column == HM_COL_##id##_RecordRef || column == HM_COL_##id##_IngestedAt)     \
		return true;
#include "base/schema.def"
	return false;
}

struct hm_batcher *hm_batcher_new(hm_batch_fn emit, void *ctx)
{
	struct hm_batcher *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return NULL;
	b->emit = emit;
	b->ctx = ctx;
	b->key = b->frame = hm_buf_of(HM_MAX_FRAME_BYTES);
	b->clean = hm_buf_of(HM_MAX_FRAME_BYTES);
	for (size_t i = 0; i < HM_TABLE_COUNT; i++)
		b->tables[i].ids = b->tables[i].numbered = hm_buf_of(HM_MAX_FRAME_BYTES);
	for (size_t i = 0; i < HM_COL_COUNT; i++) {
		struct column *c = &b->columns[i];

		c->lens = c->bytes = hm_buf_of(HM_MAX_FRAME_BYTES);
		c->valid = c->values = hm_buf_of(HM_MAX_FRAME_BYTES);
		c->name = hash_name(hm_columns[i].name);
		c->text = hm_batch_is_text(hm_columns[i].type);
		c->keyed = !is_about_reading((int)i);
	}
	b->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	b->digest = EVP_MD_CTX_new();
	if (b->sha256 != NULL && b->digest != NULL)
		return b;
	hm_batcher_free(b);
	return NULL;
}

void hm_batcher_free(struct hm_batcher *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < HM_TABLE_COUNT; i++) {
		hm_buf_done(&b->tables[i].ids);
		hm_buf_done(&b->tables[i].numbered);
	}
	for (size_t i = 0; i < HM_COL_COUNT; i++) {
		hm_buf_done(&b->columns[i].lens);
		hm_buf_done(&b->columns[i].bytes);
		hm_buf_done(&b->columns[i].valid);
		hm_buf_done(&b->columns[i].values);
	}
	hm_buf_done(&b->key);
	hm_buf_done(&b->frame);
	hm_buf_done(&b->clean);
	EVP_MD_CTX_free(b->digest);
	EVP_MD_free(b->sha256);
	free(b);
}

/* ---- a row ---- */

/* Zeros for the rows that the column was absent from. */
static void pad(struct hm_buf *b, size_t to)
{
	if (b->len >= to)
		return;

	size_t len = to - b->len;
	uint8_t *room = hm_buf_room(b, len);
	if (room != NULL)
		memset(room, 0, len);
}

static void put_text(struct column *c, size_t row, hm_bytes text)
{
	pad(&c->lens, row * 4);
	hm_put_u32le(&c->lens, (uint32_t)text.len);
	hm_put(&c->bytes, text);
}

static void put_number(struct column *c, size_t row, uint64_t number)
{
	pad(&c->valid, row);
	pad(&c->values, row * 8);
	hm_put_u8(&c->valid, 1);
	hm_put_u64le(&c->values, number);
}

static uint64_t bits_of(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

static hm_bytes cleaned(struct hm_batcher *b, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	if (hm_utf8_valid(text))
		return text;
	hm_buf_clear(&b->clean);
	while (hm_more(&c))
		hm_put_utf8(&b->clean, hm_utf8_next(&c));
	return hm_buf_bytes(&b->clean);
}

static void put_cell(struct hm_batcher *b, int column, size_t row,
		     const struct hm_cell *cell)
{
	struct column *c = &b->columns[column];
	bool real = hm_columns[column].type == HM_TYPE_REAL;
	uint64_t number = real ? bits_of(cell->real) : (uint64_t)cell->number;

	if (c->keyed)
		hm_put_u32le(&b->key, c->name);
	if (!c->text) {
		put_number(c, row, number);
		if (c->keyed)
			hm_put_u64le(&b->key, number);
		return;
	}
	hm_bytes text = cleaned(b, cell->text);
	put_text(c, row, text);
	if (!c->keyed)
		return;
	hm_put_u32le(&b->key, (uint32_t)text.len);
	hm_put(&b->key, text);
}

static void put_id(struct hm_batcher *b, struct table *t, bool numbered)
{
	uint8_t digest[EVP_MAX_MD_SIZE] = { 0 };

	EVP_DigestInit_ex2(b->digest, b->sha256, NULL);
	EVP_DigestUpdate(b->digest, b->key.at, b->key.len);
	EVP_DigestFinal_ex(b->digest, digest, NULL);
	hm_put(&t->ids, (hm_bytes){ digest, ID_BYTES });
	hm_put_u8(&t->numbered, numbered);
}

/* A cell of a number may still hold the text of another table's row. */
static size_t text_bytes(const struct hm_batcher *b, const struct hm_event *e)
{
	const struct column *columns = b->columns + hm_tables[e->table].first;
	size_t sum = 0;

	for (size_t word = 0; word < HM_TABLE_WIDTH / 64; word++)
		for (uint64_t set = e->set[word]; set != 0; set &= set - 1) {
			size_t at = word * 64 + (size_t)__builtin_ctzll(set);

			sum += columns[at].text ? e->cell[at].text.len : 0;
		}
	return sum;
}

static void flush_table(struct hm_batcher *b, enum hm_table_id table);

hm_err hm_batcher_add(struct hm_batcher *b, const struct hm_event *e, bool numbered)
{
	struct table *t = &b->tables[e->table];
	int first = hm_tables[e->table].first;
	size_t bytes = text_bytes(b, e);

	if (bytes > HM_MAX_ROW_BYTES)
		return HM_ELIMIT;
	/* a replacement character is three bytes for one that was broken */
	if (t->rows == HM_BATCH_ROWS || (t->bytes + bytes) * 3 > HM_MAX_FRAME_BYTES / 2)
		flush_table(b, e->table);
	hm_buf_clear(&b->key);
	hm_put_u32le(&b->key, hash_name(hm_tables[e->table].name));
	for (size_t word = 0; word < HM_TABLE_WIDTH / 64; word++)
		for (uint64_t set = e->set[word]; set != 0; set &= set - 1) {
			int at = (int)word * 64 + __builtin_ctzll(set);

			put_cell(b, first + at, t->rows, &e->cell[at]);
		}
	put_id(b, t, numbered);
	t->rows++;
	t->bytes += bytes;
	return HM_OK;
}

/* ---- a batch ---- */

static void put_column(struct hm_batcher *b, int column, size_t rows)
{
	struct column *c = &b->columns[column];

	hm_put_u32le(&b->frame, (uint32_t)column);
	if (c->text) {
		pad(&c->lens, rows * 4);
		hm_put_u32le(&b->frame, (uint32_t)c->bytes.len);
		hm_put(&b->frame, hm_buf_bytes(&c->lens));
		hm_put(&b->frame, hm_buf_bytes(&c->bytes));
	} else {
		pad(&c->valid, rows);
		pad(&c->values, rows * 8);
		hm_put(&b->frame, hm_buf_bytes(&c->valid));
		hm_put(&b->frame, hm_buf_bytes(&c->values));
	}
	hm_buf_clear(&c->lens);
	hm_buf_clear(&c->bytes);
	hm_buf_clear(&c->valid);
	hm_buf_clear(&c->values);
}

static bool holds_something(const struct column *c)
{
	return c->lens.len != 0 || c->valid.len != 0;
}

static void flush_table(struct hm_batcher *b, enum hm_table_id table)
{
	struct table *t = &b->tables[table];
	const struct hm_table *schema = &hm_tables[table];
	uint32_t columns = 0;

	if (t->rows == 0)
		return;
	for (int i = 0; i < schema->count; i++)
		columns += holds_something(&b->columns[schema->first + i]);
	hm_buf_clear(&b->frame);
	hm_put_u32le(&b->frame, BATCH_MAGIC);
	hm_put_u32le(&b->frame, table);
	hm_put_u32le(&b->frame, (uint32_t)t->rows);
	hm_put_u32le(&b->frame, columns);
	hm_put(&b->frame, hm_buf_bytes(&t->ids));
	hm_put(&b->frame, hm_buf_bytes(&t->numbered));
	for (int i = 0; i < schema->count; i++)
		if (holds_something(&b->columns[schema->first + i]))
			put_column(b, schema->first + i, t->rows);
	hm_buf_clear(&t->ids);
	hm_buf_clear(&t->numbered);
	t->rows = t->bytes = 0;
	/* hm_batcher_add keeps batches below half of what a frame may hold */
	if (b->frame.err != HM_OK)
		abort();
	b->emit(b->ctx, hm_buf_bytes(&b->frame));
}

void hm_batcher_flush(struct hm_batcher *b)
{
	for (int i = 0; i < HM_TABLE_COUNT; i++)
		flush_table(b, (enum hm_table_id)i);
}

/* ---- reading back ---- */

static void read_texts(struct hm_cur *c, size_t rows, struct hm_batch_column *out)
{
	uint32_t len = hm_u32le(c, "texts' length");
	uint64_t sum = 0;

	out->lens = hm_take(c, rows * 4, "lengths");
	out->bytes = hm_take(c, len, "texts");
	for (size_t i = 0; i < rows && c->err == HM_OK; i++) {
		uint32_t one = hm_at32le(out->lens, i * 4);

		hm_rule(c, one <= len - sum, "texts lie within their column");
		hm_rule(c, hm_utf8_valid(hm_part(out->bytes, (size_t)sum, one)),
			"texts are UTF-8");
		sum += one;
	}
	hm_rule(c, sum == len, "lengths add up");
}

static void read_column(struct hm_cur *c, struct hm_batch *out)
{
	struct hm_batch_column *col = &out->columns[out->num_columns];
	const struct hm_table *table = &hm_tables[out->table];
	uint32_t at = hm_u32le(c, "column");

	*col = (struct hm_batch_column){ .column = (int)at };
	hm_rule(c,
		at >= (uint32_t)table->first &&
			at - (uint32_t)table->first < (uint32_t)table->count,
		"a column of the table");
	hm_rule(c, out->num_columns == 0 || (int)at > col[-1].column,
		"columns are in order");
	if (c->err != HM_OK)
		return;
	if (hm_batch_is_text(hm_columns[at].type)) {
		read_texts(c, out->rows, col);
	} else {
		col->valid = hm_take(c, out->rows, "which are there");
		col->values = hm_take(c, out->rows * 8, "numbers");
	}
	out->num_columns++;
}

hm_err hm_batch_read(hm_bytes bytes, struct hm_batch *out)
{
	struct hm_cur c = hm_cur_of(bytes);

	hm_rule(&c, hm_u32le(&c, "magic") == BATCH_MAGIC, "magic");
	uint32_t table = hm_u32le(&c, "table");
	uint32_t rows = hm_u32le(&c, "rows");
	uint32_t columns = hm_u32le(&c, "columns");
	hm_rule(&c, table < HM_TABLE_COUNT, "a table");
	hm_rule(&c, rows > 0 && rows <= HM_BATCH_ROWS, "at most 2048 rows");
	hm_rule(&c, columns <= HM_TABLE_WIDTH, "columns");
	if (c.err != HM_OK)
		return HM_EFORMAT;

	out->table = (enum hm_table_id)table;
	out->rows = rows;
	out->num_columns = 0;
	out->ids = hm_take(&c, rows * (uint64_t)ID_BYTES, "identities");
	out->numbered = hm_take(&c, rows, "numbered");
	for (uint32_t i = 0; i < columns && c.err == HM_OK; i++)
		read_column(&c, out);
	hm_rule(&c, hm_left(&c) == 0, "nothing more");
	return c.err == HM_OK ? HM_OK : HM_EFORMAT;
}
