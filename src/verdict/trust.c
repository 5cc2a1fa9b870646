/* SPDX-License-Identifier: MIT */
/*
 * trust.c: a compiled trust store, read where it lies.
 *
 * Layout, little endian: the header (verdict/store.h), then tables of rows of fixed
 * length, then the bytes that rows point to.  Nothing is kept but where the tables are.
 */
#include "verdict/trust.h"

#include <string.h>

#include "verdict/store.h"

static const uint16_t row_lens[HM_STORE_TABLES] = {
	[HM_STORE_ROOTS] = HM_STORE_ROOT_LEN,
	[HM_STORE_SUBJECTS] = HM_STORE_SUBJECT_LEN,
	[HM_STORE_DISTRUST] = HM_STORE_DISTRUST_LEN,
	[HM_STORE_CRLS] = HM_STORE_CRL_LEN,
	[HM_STORE_REVOKED] = HM_STORE_REVOKED_LEN,
};

hm_err hm_trust_open(hm_bytes file, struct hm_trust *out)
{
	struct hm_cur c = hm_cur_of(file);
	struct hm_trust t = { .file = file };

	hm_rule(&c, hm_is(hm_take(&c, 8, "magic"), HM_STORE_MAGIC), "a trust store");
	hm_rule(&c, hm_u64le(&c, "length") == file.len, "the whole of it");
	t.list_date = (hm_time)hm_u64le(&c, "list date");
	t.disallow_date = (hm_time)hm_u64le(&c, "date of the disallowed list");
	for (size_t i = 0; i < HM_STORE_TABLES; i++) {
		struct hm_trust_table *table = &t.tables[i];

		table->at = hm_u64le(&c, "table");
		table->num = hm_u32le(&c, "rows");
		hm_rule(&c,
			table->at <= file.len &&
				table->num <= (file.len - table->at) / row_lens[i],
			"tables lie in the file");
	}
	if (c.err != HM_OK)
		return c.err;
	*out = t;
	return HM_OK;
}

/* A cursor over row i, failed where there is none. */
static struct hm_cur row(const struct hm_trust *t, enum hm_store_table table, size_t i)
{
	struct hm_cur c = hm_cur_of(t->file);

	hm_rule(&c, i < t->tables[table].num, "row");
	hm_seek(&c, t->tables[table].at + (uint64_t)i * row_lens[table], "row");
	return hm_sub(&c, row_lens[table], "row");
}

/* Bytes elsewhere in the store that a row names by offset and length. */
static hm_bytes blob(const struct hm_trust *t, struct hm_cur *c)
{
	uint64_t at = hm_u64le(c, "offset");
	uint32_t len = hm_u32le(c, "length");
	struct hm_cur file = hm_cur_of(t->file);
	hm_bytes found;

	hm_seek(&file, at, "offset");
	found = hm_take(&file, len, "length");
	hm_join(c, &file);
	return found;
}

/*
 * First row of a sorted table that is not below key, whose first key_len bytes are its
 * own key: a plain binary search.
 */
static size_t lower_bound(const struct hm_trust *t, enum hm_store_table table,
			  hm_bytes key)
{
	size_t low = 0, high = t->tables[table].num;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct hm_cur c = row(t, table, mid);

		if (hm_order(hm_take(&c, key.len, "key"), key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

size_t hm_trust_num_roots(const struct hm_trust *t)
{
	return t->tables[HM_STORE_ROOTS].num;
}

bool hm_trust_root_listed(const struct hm_trust *t, size_t i, struct hm_root *out)
{
	struct hm_cur c = row(t, HM_STORE_ROOTS, i);
	struct hm_root root = { .list_date = t->list_date };
	uint32_t kind, added;

	/* Admitted by the list that is compiled in. */
	if (t->list_date == HM_NO_TIME)
		root.list_date = hm_builtin_date();
	root.sha256 = hm_take(&c, HM_SHA256_LEN, "sha256");
	kind = hm_u8(&c, "kind");
	added = hm_u8(&c, "added");
	root.microsoft = hm_u8(&c, "microsoft") == 1;
	root.purposes = hm_u8(&c, "purposes");
	root.denied = hm_u8(&c, "denied");
	root.not_before_purposes = hm_u8(&c, "not before purposes");
	root.not_after = (hm_time)hm_u64le(&c, "not after");
	root.disallowed = (hm_time)hm_u64le(&c, "disallowed");
	root.not_before = (hm_time)hm_u64le(&c, "not before");
	root.name = blob(t, &c);
	root.der = blob(t, &c);
	hm_rule(&c,
		kind == HM_ANCHOR_NONE || kind == HM_ANCHOR_PROGRAM ||
			kind == HM_ANCHOR_LEGACY,
		"kind");
	hm_rule(&c, kind != HM_ANCHOR_NONE || added != 0, "somebody's root");
	if (c.err != HM_OK)
		return false;
	root.kind = kind;
	root.own = added & HM_STORE_OWN;
	root.uefi = added & HM_STORE_UEFI;
	*out = root;
	return true;
}

void hm_root_vouched(struct hm_root *root, enum hm_anchor kind)
{
	root->kind = kind;
	root->purposes = HM_PURPOSE_ALL;
	root->denied = HM_PURPOSE_NONE;
	root->disallowed = root->not_before = HM_NO_TIME;
}

bool hm_trust_root(const struct hm_trust *t, size_t i, struct hm_root *out)
{
	if (!hm_trust_root_listed(t, i, out))
		return false;
	if (out->own)
		hm_root_vouched(out, HM_ANCHOR_USER);
	else if (out->kind == HM_ANCHOR_NONE)
		hm_root_vouched(out, HM_ANCHOR_UEFI);
	return true;
}

hm_bytes hm_trust_root_sha1(const struct hm_trust *t, size_t i)
{
	struct hm_cur c = row(t, HM_STORE_ROOTS, i);

	(void)hm_take(&c, HM_STORE_ROOT_LEN - HM_SHA1_LEN, "what comes before");
	return hm_take(&c, HM_SHA1_LEN, "sha1");
}

/* The subject of the row of the index, and the root it belongs to. */
static hm_bytes subject_of(const struct hm_trust *t, size_t i, uint32_t *root)
{
	struct hm_cur c = row(t, HM_STORE_SUBJECTS, i);
	hm_bytes subject = blob(t, &c);

	*root = hm_u32le(&c, "root");
	return subject;
}

static size_t first_subject(const struct hm_trust *t, hm_bytes subject)
{
	size_t low = 0, high = t->tables[HM_STORE_SUBJECTS].num;
	uint32_t root;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (hm_order(subject_of(t, mid, &root), subject) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* *walk is 0 at first, then one more than the index's next row. */
bool hm_trust_by_subject(const struct hm_trust *t, hm_bytes subject, size_t *walk,
			 struct hm_root *out)
{
	size_t i = *walk ? *walk - 1 : first_subject(t, subject);
	uint32_t root;

	if (i >= t->tables[HM_STORE_SUBJECTS].num ||
	    !hm_same(subject_of(t, i, &root), subject))
		return false;
	*walk = i + 2;
	return hm_trust_root(t, root, out);
}

bool hm_trust_by_sha256(const struct hm_trust *t, hm_bytes sha256, struct hm_root *out)
{
	size_t i = lower_bound(t, HM_STORE_ROOTS, sha256);

	return sha256.len == HM_SHA256_LEN && hm_trust_root(t, i, out) &&
	       hm_same(out->sha256, sha256);
}

size_t hm_trust_num_distrusted(const struct hm_trust *t)
{
	return t->tables[HM_STORE_DISTRUST].num;
}

hm_bytes hm_trust_distrusted(const struct hm_trust *t, size_t i, uint32_t *by)
{
	struct hm_cur c = row(t, HM_STORE_DISTRUST, i);
	uint8_t len = hm_u8(&c, "length");
	struct hm_cur id = hm_sub(&c, HM_DISTRUST_LEN, "id");

	*by = hm_u8(&c, "by");
	return hm_take(&id, len, "id");
}

bool hm_trust_distrusts(const struct hm_trust *t, hm_bytes id, uint32_t *by)
{
	uint8_t key[1 + HM_DISTRUST_LEN] = { 0 };
	hm_bytes whole = { key, sizeof(key) };
	struct hm_cur c;

	if (id.len > HM_DISTRUST_LEN || id.len == 0)
		return false;
	key[0] = (uint8_t)id.len;
	memcpy(key + 1, id.at, id.len);
	c = row(t, HM_STORE_DISTRUST, lower_bound(t, HM_STORE_DISTRUST, whole));
	if (!hm_same(hm_take(&c, sizeof(key), "id"), whole))
		return false;
	*by = hm_u8(&c, "by");
	return true;
}

size_t hm_trust_num_crls(const struct hm_trust *t)
{
	return t->tables[HM_STORE_CRLS].num;
}

bool hm_trust_crl(const struct hm_trust *t, size_t i, struct hm_crl_row *out)
{
	struct hm_cur c = row(t, HM_STORE_CRLS, i);
	struct hm_crl_row crl = { 0 };

	crl.issuer = blob(t, &c);
	crl.head = blob(t, &c);
	crl.this_update = (hm_time)hm_u64le(&c, "this update");
	crl.next_update = (hm_time)hm_u64le(&c, "next update");
	crl.first = hm_u32le(&c, "first");
	crl.num = hm_u32le(&c, "num");
	crl.flags = hm_u32le(&c, "flags");
	hm_rule(&c,
		crl.first <= t->tables[HM_STORE_REVOKED].num &&
			crl.num <= t->tables[HM_STORE_REVOKED].num - crl.first,
		"entries");
	if (c.err != HM_OK)
		return false;
	*out = crl;
	return true;
}

hm_bytes hm_trust_crl_rows(const struct hm_trust *t, const struct hm_crl_row *crl)
{
	struct hm_cur c = hm_cur_of(t->file);

	hm_seek(&c,
		t->tables[HM_STORE_REVOKED].at +
			(uint64_t)crl->first * HM_STORE_REVOKED_LEN,
		"entries");
	return hm_take(&c, (uint64_t)crl->num * HM_STORE_REVOKED_LEN, "entries");
}

bool hm_trust_crl_by_issuer(const struct hm_trust *t, hm_bytes issuer, size_t *walk,
			    struct hm_crl_row *out)
{
	/* Lists are few: at most one an issuing authority. */
	while (hm_trust_crl(t, (*walk)++, out)) {
		if (hm_same(out->issuer, issuer))
			return true;
	}
	return false;
}

bool hm_trust_revoked(const struct hm_trust *t, const struct hm_crl_row *crl,
		      hm_bytes serial, struct hm_revoked_row *out)
{
	uint8_t key[HM_SERIAL_LEN];
	size_t low = crl->first, high = (size_t)crl->first + crl->num;

	if (!hm_store_serial(serial, key))
		return false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct hm_cur c = row(t, HM_STORE_REVOKED, mid);
		int order = hm_order(hm_take(&c, HM_SERIAL_LEN, "serial"),
				     (hm_bytes){ key, sizeof(key) });

		if (order == 0) {
			out->date = (hm_time)hm_u64le(&c, "date");
			out->reason = hm_u32le(&c, "reason");
			return c.err == HM_OK;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

bool hm_store_serial(hm_bytes serial, uint8_t out[HM_SERIAL_LEN])
{
	struct hm_cur c = hm_cur_of(serial);

	while (hm_left(&c) && hm_peek(&c) == 0)
		(void)hm_u8(&c, "leading zero");
	serial = hm_rest(&c);
	if (serial.len > HM_SERIAL_LEN)
		return false;
	memset(out, 0, HM_SERIAL_LEN);
	if (serial.len)
		memcpy(out + HM_SERIAL_LEN - serial.len, serial.at, serial.len);
	return true;
}
