/* SPDX-License-Identifier: MIT */
#include "cli/trust_list.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "signature/crypto.h"
#include "verdict/trust.h"

/* A store that is looked at. */
struct looking {
	struct hm_trust trust;
	hm_bytes mapped; /* empty where there is none */
};

static hm_bytes map_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size <= 0)
		return (hm_bytes){ 0 };
	void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		return (hm_bytes){ 0 };
	return (hm_bytes){ at, (size_t)st.st_size };
}

/* A missing store is no failure: mapped is empty then. */
static bool look(const char *path, struct looking *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*out = (struct looking){ 0 };
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	if (fd < 0) {
		hm_complain("%s: %s", path, strerror(errno));
		return false;
	}
	out->mapped = map_file(fd);
	close(fd);
	if (out->mapped.len != 0 && hm_trust_open(out->mapped, &out->trust) == HM_OK)
		return true;
	hm_complain("%s: is no trust store of this version", path);
	return false;
}

static void look_away(struct looking *l)
{
	if (l->mapped.len != 0)
		munmap((void *)(uintptr_t)l->mapped.at, l->mapped.len);
}

static const char *day(hm_time time, char text[HM_TIME_TEXT])
{
	if (time == HM_NO_TIME)
		return "-";
	hm_time_short(time, text);
	text[10] = '\0';
	return text;
}

static const char *purposes(uint32_t set)
{
	static const char *const names[] = { "none", "code", "stamps", "code, stamps" };

	return names[set & HM_PURPOSE_ALL];
}

static void tell_builtin(void)
{
	char text[HM_TIME_TEXT];

	printf("compiled in: list of %s, by thumbprint, and known issuers\n",
	       day(hm_builtin_date(), text));
}

int hm_trust_tell(const char *store)
{
	struct looking l;
	char list[HM_TIME_TEXT], disallowed[HM_TIME_TEXT];
	struct hm_root root;
	size_t own = 0, whole = 0;

	if (!look(store, &l))
		return HM_EXIT_FAILED;
	if (l.mapped.len == 0) {
		printf("store: none at %s\n", store);
		tell_builtin();
		return HM_EXIT_OK;
	}
	size_t num = hm_trust_num_roots(&l.trust);

	for (size_t i = 0; i < num; i++) {
		if (!hm_trust_root(&l.trust, i, &root))
			continue;
		own += root.kind == HM_ANCHOR_USER;
		whole += root.der.len != 0;
	}
	printf("store: %s\n"
	       "root list: of %s\n"
	       "list of the disallowed: of %s\n"
	       "roots: %zu, of which %zu with certificate, %zu your own\n"
	       "distrusted: %zu\n"
	       "revocation lists: %zu\n",
	       store, day(l.trust.list_date, list),
	       day(l.trust.disallow_date, disallowed), num, whole, own,
	       hm_trust_num_distrusted(&l.trust), hm_trust_num_crls(&l.trust));
	tell_builtin();
	look_away(&l);
	return HM_EXIT_OK;
}

/* ---- list ---- */

static const char *hex_of(hm_bytes bytes, struct hm_arena *a)
{
	struct hm_buf hex = hm_buf_of(2 * HM_DISTRUST_LEN);

	hm_put_hex(&hex, bytes);
	const char *text = hm_cstr(a, hm_buf_bytes(&hex));

	hm_buf_done(&hex);
	return text;
}

static const char *whose(uint32_t by)
{
	if (by == (HM_BY_USER | HM_BY_LIST))
		return "yourself and Microsoft's list";
	return by == HM_BY_USER ? "yourself" : "Microsoft's list";
}

static void put_row(const struct hm_root *root, hm_bytes sha1, struct hm_arena *a)
{
	char until[HM_TIME_TEXT], no_more[HM_TIME_TEXT];

	printf("%-13s %-13s %-10s %-10s %s %s\n", hm_anchor_name(root->kind),
	       purposes(root->purposes & ~root->denied), day(root->not_after, until),
	       day(root->disallowed, no_more), hex_of(sha1, a), hm_shown(a, root->name));
}

static void put_time(struct hm_json_out *o, const char *name, hm_time time)
{
	char text[HM_TIME_TEXT];

	hm_json_member_str(o, name, hm_time_text(time, text));
}

static void put_line(struct hm_buf *b)
{
	hm_put_u8(b, '\n');
	fwrite(b->at, 1, b->len, stdout);
	hm_buf_done(b);
}

static void put_json(const struct hm_root *root, hm_bytes sha1, struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(1 << 16);
	struct hm_json_out o = hm_json_out_of(&b);

	hm_json_open(&o, '{');
	hm_json_member_str(&o, "sha256", hex_of(root->sha256, a));
	hm_json_member_str(&o, "sha1", hex_of(sha1, a));
	hm_json_member(&o, "name", root->name);
	hm_json_member_str(&o, "kind", hm_anchor_name(root->kind));
	hm_json_member_str(&o, "purposes", purposes(root->purposes & ~root->denied));
	put_time(&o, "not_after", root->not_after);
	put_time(&o, "disallowed_after", root->disallowed);
	put_time(&o, "no_leaf_after", root->not_before);
	hm_json_member_str(&o, "no_leaf_after_for", purposes(root->not_before_purposes));
	hm_json_member_bool(&o, "microsoft", root->microsoft);
	hm_json_member_bool(&o, "has_certificate", root->der.len != 0);
	hm_json_close(&o, '}');
	put_line(&b);
}

static void put_distrusted(hm_bytes id, uint32_t by, bool table, struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(1 << 16);
	struct hm_json_out o = hm_json_out_of(&b);

	if (table) {
		printf("%-13s %-13s %-10s %-10s %s by %s\n", "distrusted", "none", "-",
		       "-", hex_of(id, a), whose(by));
		return;
	}
	hm_json_open(&o, '{');
	hm_json_member_str(&o, "kind", "distrusted");
	hm_json_member_str(&o, "id", hex_of(id, a));
	hm_json_member_str(&o, "by", whose(by));
	hm_json_close(&o, '}');
	put_line(&b);
}

static void list_roots(const struct hm_trust *trust, bool table, struct hm_arena *a)
{
	struct hm_root root;

	for (size_t i = 0; i < hm_trust_num_roots(trust); i++) {
		if (!hm_trust_root(trust, i, &root))
			continue;
		if (table)
			put_row(&root, hm_trust_root_sha1(trust, i), a);
		else
			put_json(&root, hm_trust_root_sha1(trust, i), a);
		hm_arena_reset(a);
	}
}

static void list_distrusted(const struct hm_trust *trust, bool table, struct hm_arena *a)
{
	for (size_t i = 0; i < hm_trust_num_distrusted(trust); i++) {
		uint32_t by;
		hm_bytes id = hm_trust_distrusted(trust, i, &by);

		put_distrusted(id, by, table, a);
		hm_arena_reset(a);
	}
}

int hm_trust_list(const char *store, const char *format)
{
	struct looking l;
	struct hm_arena a = hm_cli_arena();

	if (format == NULL)
		format = isatty(STDOUT_FILENO) ? "table" : "jsonl";
	bool table = strcmp(format, "table") == 0;

	if (!table && strcmp(format, "jsonl") != 0)
		return hm_complain("--format is table or jsonl");
	if (!look(store, &l))
		return HM_EXIT_FAILED;
	if (l.mapped.len == 0)
		hm_complain("no store at %s: what is compiled in serves", store);
	if (table)
		printf("%-13s %-13s %-10s %-10s %-40s %s\n", "KIND", "FOR", "UNTIL",
		       "DISALLOWED", "SHA-1", "NAME");
	if (l.mapped.len != 0) {
		list_roots(&l.trust, table, &a);
		list_distrusted(&l.trust, table, &a);
	}
	look_away(&l);
	hm_arena_close(&a);
	return HM_EXIT_OK;
}

/* ---- show ---- */

struct showing {
	struct looking l;
	struct hm_crypto *crypto;
	struct hm_arena arena;
};

static void tell_time(const char *what, hm_time time)
{
	char text[HM_TIME_TEXT];

	if (time != HM_NO_TIME)
		printf("  %s: %s\n", what, hm_time_short(time, text));
}

static void put_hex_line(const char *what, hm_bytes bytes)
{
	struct hm_buf hex = hm_buf_of(2 * HM_HASH_MAX_LEN);

	hm_put_hex(&hex, bytes);
	printf("  %s: %.*s\n", what, (int)hex.len, (const char *)hex.at);
	hm_buf_done(&hex);
}

static void show_root(struct showing *s, const struct hm_root *root, const char *from)
{
	printf("%s\n  from: %s\n  kind: %s%s\n", hm_shown(&s->arena, root->name), from,
	       hm_anchor_name(root->kind), root->microsoft ? ", Microsoft's" : "");
	put_hex_line("SHA-256", root->sha256);
	if (root->der.len != 0) {
		struct hm_digest sha1 = hm_digest_of(s->crypto, HM_HASH_SHA1, root->der);

		put_hex_line("SHA-1", hm_digest_bytes(&sha1));
	}
	printf("  for: %s\n", purposes(root->purposes & ~root->denied));
	tell_time("until", root->not_after);
	tell_time("no signature counts that was made after", root->disallowed);
	tell_time("no certificate counts that was issued after", root->not_before);
	if (root->not_before != HM_NO_TIME)
		printf("    this for: %s\n", purposes(root->not_before_purposes));
	tell_time("by the list of", root->list_date);
}

/* The store's root with that thumbprint, of either kind. */
static bool find_root(struct showing *s, hm_bytes id, struct hm_root *out)
{
	if (s->l.mapped.len == 0)
		return false;
	if (id.len == HM_SHA256_LEN)
		return hm_trust_by_sha256(&s->l.trust, id, out);
	for (size_t i = 0; i < hm_trust_num_roots(&s->l.trust); i++) {
		if (hm_same(hm_trust_root_sha1(&s->l.trust, i), id) &&
		    hm_trust_root(&s->l.trust, i, out))
			return true;
	}
	return false;
}

static int show_one(struct showing *s, const char *text)
{
	uint8_t id_room[HM_SHA256_LEN];
	hm_bytes id = { id_room, strlen(text) / 2 };
	struct hm_root root;
	bool known = true;
	uint32_t by = 0;

	if ((id.len != HM_SHA1_LEN && id.len != HM_SHA256_LEN) ||
	    !hm_unhex(hm_bytes_of(text), id_room, id.len))
		return hm_complain("%s: is no thumbprint: 40 or 64 hex digits", text);
	if (find_root(s, id, &root))
		show_root(s, &root, "the store");
	else if (id.len == HM_SHA256_LEN && hm_builtin_root(id, &root))
		show_root(s, &root, "what is compiled in");
	else
		known = false;
	bool distrusted =
		s->l.mapped.len != 0 && hm_trust_distrusts(&s->l.trust, id, &by);

	if (distrusted)
		printf("%s%s: distrusted by %s\n", known ? "  " : "", text, whose(by));
	if (known || distrusted)
		return HM_EXIT_OK;
	return hm_complain("%s: is not known here", text);
}

int hm_trust_show(const char *store, const struct hm_list *thumbprints)
{
	struct showing s = { .arena = hm_cli_arena() };
	int status = HM_EXIT_OK;

	if (!look(store, &s.l) || hm_crypto_open(&s.crypto) != HM_OK)
		return HM_EXIT_FAILED;
	for (size_t i = 0; i < thumbprints->count; i++)
		status = hm_exit_worse(status, show_one(&s, thumbprints->items[i]));
	hm_crypto_close(s.crypto);
	look_away(&s.l);
	hm_arena_close(&s.arena);
	return status;
}
