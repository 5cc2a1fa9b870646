/* SPDX-License-Identifier: MIT */
/*
 * compile.c: a plan to the file that trust.c reads.
 *
 * Tables go to the front and grow together with the bytes that they point to, so the
 * place of every table is known before the first row is written.
 */
#include <stdlib.h>
#include <string.h>

#include "verdict/plan_own.h"
#include "verdict/store.h"

struct compiling {
	const struct hm_plan *plan;
	const struct hm_plan_root **roots; /* sorted by SHA-256 */
	const struct hm_plan_root *
		*named; /* those with a certificate, sorted by subject */
	const struct hm_plan_distrusted **distrusted;
	uint32_t num_roots, num_named, num_distrusted, num_crls, num_revoked;
	struct hm_buf *out;
	struct hm_buf blobs;
	uint64_t blobs_at; /* offset in the file of the first blob */
};

enum { MAX_STORE = 1 << 30 };

static void put_blob(struct compiling *c, hm_bytes bytes)
{
	hm_put_u64le(c->out, c->blobs_at + c->blobs.len);
	hm_put_u32le(c->out, (uint32_t)bytes.len);
	hm_put(&c->blobs, bytes);
}

static int by_sha256(const void *a, const void *b)
{
	const struct hm_plan_root *const *l = a, *const *r = b;

	return hm_order((*l)->root.sha256, (*r)->root.sha256);
}

static int by_subject(const void *a, const void *b)
{
	const struct hm_plan_root *const *l = a, *const *r = b;
	int order = hm_order((*l)->subject, (*r)->subject);

	return order ? order : by_sha256(a, b);
}

static int by_id(const void *a, const void *b)
{
	const struct hm_plan_distrusted *const *l = a, *const *r = b;

	if ((*l)->id.len != (*r)->id.len)
		return (*l)->id.len < (*r)->id.len ? -1 : 1;
	return hm_order((*l)->id, (*r)->id);
}

/* A root that its list dropped is trusted no more on its account. */
static enum hm_anchor kind_of(const struct compiling *c, const struct hm_plan_root *r)
{
	bool dropped = r->root.kind == HM_ANCHOR_PROGRAM && !r->listed &&
		       c->plan->list_date != HM_NO_TIME;

	return dropped ? HM_ANCHOR_NONE : r->root.kind;
}

static bool is_kept(const struct compiling *c, const struct hm_plan_root *r)
{
	return kind_of(c, r) != HM_ANCHOR_NONE || r->root.own || r->root.uefi;
}

static void sort_roots(struct compiling *c)
{
	uint32_t most = 0;

	for (const struct hm_plan_root *r = c->plan->roots; r; r = r->next)
		most++;
	c->roots = hm_new_n(c->plan->arena, const struct hm_plan_root *, most);
	c->named = hm_new_n(c->plan->arena, const struct hm_plan_root *, most);
	for (const struct hm_plan_root *r = c->plan->roots; r; r = r->next) {
		if (!is_kept(c, r))
			continue;
		c->roots[c->num_roots++] = r;
		if (r->root.der.len)
			c->named[c->num_named++] = r;
	}
	if (c->num_roots)
		qsort(c->roots, c->num_roots, sizeof(*c->roots), by_sha256);
	if (c->num_named)
		qsort(c->named, c->num_named, sizeof(*c->named), by_subject);
}

static void sort_distrusted(struct compiling *c)
{
	uint32_t most = 0;

	for (const struct hm_plan_distrusted *d = c->plan->distrusted; d; d = d->next)
		most++;
	c->distrusted = hm_new_n(c->plan->arena, const struct hm_plan_distrusted *, most);
	for (const struct hm_plan_distrusted *d = c->plan->distrusted; d; d = d->next)
		if (d->by)
			c->distrusted[c->num_distrusted++] = d;
	if (c->num_distrusted)
		qsort(c->distrusted, c->num_distrusted, sizeof(*c->distrusted), by_id);
}

static void put_table(struct compiling *c, uint64_t *at, uint32_t num, uint64_t row_len)
{
	hm_put_u64le(c->out, *at);
	hm_put_u32le(c->out, num);
	*at += num * row_len;
}

static void put_header(struct compiling *c)
{
	uint64_t at = HM_STORE_HEADER_LEN;

	hm_put_str(c->out, HM_STORE_MAGIC);
	hm_put_u64le(c->out, 0); /* the length: see patch_length */
	hm_put_u64le(c->out, (uint64_t)c->plan->list_date);
	hm_put_u64le(c->out, (uint64_t)c->plan->disallow_date);
	put_table(c, &at, c->num_roots, HM_STORE_ROOT_LEN);
	put_table(c, &at, c->num_named, HM_STORE_SUBJECT_LEN);
	put_table(c, &at, c->num_distrusted, HM_STORE_DISTRUST_LEN);
	put_table(c, &at, c->num_crls, HM_STORE_CRL_LEN);
	put_table(c, &at, c->num_revoked, HM_STORE_REVOKED_LEN);
	c->blobs_at = at;
}

static void put_padded(struct hm_buf *out, hm_bytes bytes, size_t len)
{
	hm_put(out, bytes);
	for (size_t i = bytes.len; i < len; i++)
		hm_put_u8(out, 0);
}

static void put_root(struct compiling *c, const struct hm_plan_root *r)
{
	const struct hm_root *root = &r->root;

	hm_put(c->out, root->sha256);
	hm_put_u8(c->out, (uint8_t)kind_of(c, r));
	hm_put_u8(c->out, (uint8_t)((root->own ? HM_STORE_OWN : 0) |
				    (root->uefi ? HM_STORE_UEFI : 0)));
	hm_put_u8(c->out, root->microsoft);
	hm_put_u8(c->out, (uint8_t)root->purposes);
	hm_put_u8(c->out, (uint8_t)root->denied);
	hm_put_u8(c->out, (uint8_t)root->not_before_purposes);
	hm_put_u64le(c->out, (uint64_t)root->not_after);
	hm_put_u64le(c->out, (uint64_t)root->disallowed);
	hm_put_u64le(c->out, (uint64_t)root->not_before);
	put_blob(c, root->name);
	put_blob(c, root->der);
	put_padded(c->out, r->sha1, HM_SHA1_LEN);
}

static uint32_t row_of(const struct compiling *c, const struct hm_plan_root *r)
{
	uint32_t i = 0;

	while (c->roots[i] != r)
		i++;
	return i;
}

static void put_crls(struct compiling *c)
{
	uint32_t first = 0;

	for (const struct hm_plan_crl *crl = c->plan->crls; crl; crl = crl->next) {
		put_blob(c, crl->row.issuer);
		put_blob(c, crl->row.head);
		hm_put_u64le(c->out, (uint64_t)crl->row.this_update);
		hm_put_u64le(c->out, (uint64_t)crl->row.next_update);
		hm_put_u32le(c->out, first);
		hm_put_u32le(c->out, crl->row.num);
		hm_put_u32le(c->out, crl->row.flags);
		first += crl->row.num;
	}
	for (const struct hm_plan_crl *crl = c->plan->crls; crl; crl = crl->next)
		hm_put(c->out, (hm_bytes){ crl->entries,
					   (size_t)crl->row.num * HM_STORE_REVOKED_LEN });
}

static void put_tables(struct compiling *c)
{
	for (uint32_t i = 0; i < c->num_roots; i++)
		put_root(c, c->roots[i]);
	for (uint32_t i = 0; i < c->num_named; i++) {
		put_blob(c, c->named[i]->subject);
		hm_put_u32le(c->out, row_of(c, c->named[i]));
	}
	for (uint32_t i = 0; i < c->num_distrusted; i++) {
		hm_put_u8(c->out, (uint8_t)c->distrusted[i]->id.len);
		put_padded(c->out, c->distrusted[i]->id, HM_DISTRUST_LEN);
		hm_put_u8(c->out, (uint8_t)c->distrusted[i]->by);
	}
	put_crls(c);
}

/* The length stands at offset 8 and is known last. */
static void patch_length(struct hm_buf *out, size_t start)
{
	uint64_t len = out->len - start;

	for (size_t i = 0; out->err == HM_OK && i < 8; i++)
		out->at[start + 8 + i] = (uint8_t)(len >> (8 * i));
}

hm_err hm_plan_write(const struct hm_plan *plan, struct hm_buf *out)
{
	struct compiling c = { .plan = plan, .out = out, .blobs = hm_buf_of(MAX_STORE) };
	size_t start = out->len;

	sort_roots(&c);
	sort_distrusted(&c);
	for (const struct hm_plan_crl *crl = plan->crls; crl; crl = crl->next) {
		c.num_crls++;
		c.num_revoked += crl->row.num;
	}
	put_header(&c);
	put_tables(&c);
	hm_put(out, hm_buf_bytes(&c.blobs));
	patch_length(out, start);
	hm_err err = c.blobs.err != HM_OK ? c.blobs.err : out->err;

	hm_buf_done(&c.blobs);
	return err;
}
