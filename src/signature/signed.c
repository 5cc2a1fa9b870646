/* SPDX-License-Identifier: MIT */
#include "signature/signed.h"

#include "base/limits.h"
#include "signature/salvage.h"

/* A message that is still to be read. */
struct pending {
	hm_bytes der;
	size_t entry, parent;
	uint32_t depth;
};

static void read_stuffing(struct hm_signature *s)
{
	const struct hm_attrs *attrs = &s->signer->unsigned_attrs;

	for (size_t i = 0; i < attrs->num; i++) {
		const struct hm_attr *attr = &attrs->at[i];

		if (attr->oid == HM_OID_MS_TIMESTAMP || attr->oid == HM_OID_SPC_NESTED ||
		    attr->oid == HM_OID_COUNTERSIGNATURE)
			continue;
		if (s->stuffing_len == 0)
			s->stuffing_id = attr->id;
		s->stuffing_len += attr->values.len;
	}
}

static void read_slack(struct hm_signature *s, hm_bytes der, size_t used)
{
	struct hm_cur c = hm_cur_of(der);

	hm_seek(&c, used, "slack");
	s->slack = hm_rest(&c);
	struct hm_cur bytes = hm_cur_of(s->slack);

	while (hm_more(&bytes) && !s->slack_nonzero)
		s->slack_nonzero = hm_u8(&bytes, "slack") != 0;
}

/* A damaged message may have lost certificates that lie whole in it. */
static void salvage(struct hm_cms *cms, hm_bytes der, struct hm_arena *a)
{
	size_t num, good = 0;
	struct hm_cert *certs = hm_salvage_certs(der, a, &num);

	for (size_t i = 0; i < cms->num_certs; i++)
		good += cms->certs[i].err == HM_OK;
	if (num > good) {
		cms->certs = certs;
		cms->num_certs = num;
	}
}

/* A message without certificates may still hold the one that its signer names, out of
 * place: it verifies nothing there, but it tells who signed. */
static void find_signer(struct hm_signature *s, hm_bytes der, struct hm_arena *a)
{
	struct hm_cms found = s->cms;

	if (s->cms.num_certs != 0)
		return;
	salvage(&found, der, a);
	if (hm_signer_cert(s->signer, found.certs, found.num_certs) != NULL)
		s->cms = found;
}

struct hm_signature hm_signature_read(hm_bytes der, struct hm_arena *a)
{
	struct hm_signature s = { .opus = { .program = "", .url = "" } };
	size_t used;

	s.cms = hm_cms_read(der, a, &used);
	if (s.cms.err != HM_OK)
		salvage(&s.cms, der, a);
	read_slack(&s, der, used);
	if (s.cms.has_content && s.cms.content_type == HM_OID_SPC_INDIRECT_DATA)
		s.spc = hm_spc_read(s.cms.content);
	if (s.cms.num_signers == 0)
		return s;
	s.signer = &s.cms.signers[0];
	s.cert = hm_signer_cert(s.signer, s.cms.certs, s.cms.num_certs);
	s.opus = hm_opus_read(s.signer, a);
	s.relaxed_marker =
		hm_attr_get(&s.signer->attrs, HM_OID_SPC_RELAXED_MARKER, NULL) != NULL;
	s.stamps = hm_stamps_read(s.signer, &s.cms, a);
	find_signer(&s, der, a);
	read_stuffing(&s);
	return s;
}

/* A stack of what is to be read next; full is the limit of signatures. */
struct stack {
	struct pending at[HM_MAX_SIGNATURES];
	size_t num;
	bool limit;
};

static void push(struct stack *s, struct pending p)
{
	if (s->num == HM_MAX_SIGNATURES || p.depth > HM_MAX_NESTING)
		s->limit = true;
	else
		s->at[s->num++] = p;
}

/* What was pushed from first on, in the other order: the first comes off first. */
static void reverse_from(struct stack *s, size_t first)
{
	for (size_t last = s->num; first + 1 < last; first++, last--) {
		struct pending p = s->at[first];

		s->at[first] = s->at[last - 1];
		s->at[last - 1] = p;
	}
}

static void push_nested(struct stack *todo, const struct hm_signature *s, size_t index)
{
	if (s->signer == NULL)
		return;
	const struct hm_attrs *attrs = &s->signer->unsigned_attrs;
	size_t first = todo->num;

	for (size_t i = 0; i < attrs->num; i++) {
		struct hm_cur c = hm_cur_of(attrs->at[i].values);

		while (attrs->at[i].oid == HM_OID_SPC_NESTED && hm_more(&c)) {
			struct pending p = { .entry = s->entry,
					     .parent = index,
					     .depth = s->depth + 1 };

			p.der = hm_ber_next(&c, "nested signature").whole;
			push(todo, p);
		}
	}
	reverse_from(todo, first);
}

struct hm_signed hm_signed_read(const struct hm_carrier *carrier, struct hm_arena *a)
{
	struct hm_signed out = { .carrier = carrier };
	struct stack todo = { 0 };

	for (size_t i = 0; i < carrier->num_entries; i++)
		push(&todo, (struct pending){ carrier->entries[i].data, i, i, 0 });
	reverse_from(&todo, 0);
	if (todo.num != 0)
		out.signatures = hm_new_n(a, struct hm_signature, HM_MAX_SIGNATURES);
	while (todo.num != 0) {
		struct pending p = todo.at[--todo.num];

		if (out.num_signatures == HM_MAX_SIGNATURES) {
			todo.limit = true;
			break;
		}
		size_t index = out.num_signatures++;
		struct hm_signature *s = &out.signatures[index];

		*s = hm_signature_read(p.der, a);
		s->entry = p.entry;
		s->parent = p.depth == 0 ? index : p.parent;
		s->depth = p.depth;
		push_nested(&todo, s, index);
	}
	out.limit = todo.limit;
	return out;
}
