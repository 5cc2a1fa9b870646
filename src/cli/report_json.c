/* SPDX-License-Identifier: MIT */
/*
 * report_json.c: verdicts as JSON: hallmark's own form, Elastic's and OCSF's.
 *
 * Keys of hallmark's form are only ever added (docs/formats/verdict.md).
 */
#include <string.h>

#include "base/json.h"
#include "cli/report.h"

static void put_time(struct hm_report *r, struct hm_json_out *o, const char *name,
		     hm_time time)
{
	hm_json_name(o, hm_bytes_of(name));
	if (time == HM_NO_TIME)
		hm_json_put_null(o);
	else
		hm_json_put(o, hm_bytes_of(hm_iso(r->arena, time)));
}

static void put_flags(struct hm_json_out *o, uint64_t flags)
{
	hm_json_name(o, hm_bytes_of("flags"));
	hm_json_open(o, '[');
	for (int i = 0; i < HM_FLAG_COUNT; i++)
		if ((flags >> i & 1) != 0)
			hm_json_put(o, hm_bytes_of(hm_flag_word((enum hm_flag)i)));
	hm_json_close(o, ']');
}

static void put_link(struct hm_report *r, struct hm_json_out *o,
		     const struct hm_link *link)
{
	hm_json_open(o, '{');
	hm_json_member(o, "subject", link->subject);
	hm_json_member(o, "issuer", link->issuer);
	hm_json_member(o, "subject_dn", link->subject_dn);
	hm_json_member(o, "issuer_dn", link->issuer_dn);
	hm_json_member(o, "serial", link->serial);
	hm_json_member(o, "sha1", link->sha1);
	hm_json_member(o, "sha256", link->sha256);
	put_time(r, o, "not_before", link->not_before);
	put_time(r, o, "not_after", link->not_after);
	hm_json_member(o, "key", link->key);
	hm_json_member(o, "signed_with", link->algorithm);
	hm_json_member_bool(o, "from_file", link->from_file);
	hm_json_close(o, '}');
}

static void put_chain(struct hm_report *r, struct hm_json_out *o,
		      const struct hm_chain_told *chain)
{
	hm_json_name(o, hm_bytes_of("chain"));
	hm_json_open(o, '[');
	for (size_t i = 0; i < chain->num; i++)
		put_link(r, o, &chain->links[i]);
	hm_json_close(o, ']');
	hm_json_member_str(o, "anchor", hm_anchor_name(chain->anchor));
	hm_json_member(o, "root", chain->root);
	hm_json_member(o, "root_sha256", chain->root_sha256);
	hm_json_member_bool(o, "root_is_microsoft", chain->microsoft);
	put_time(r, o, "trust_list_date", chain->list_date);
}

static void put_stamps(struct hm_report *r, struct hm_json_out *o,
		       const struct hm_sig_verdict *sig)
{
	hm_json_name(o, hm_bytes_of("timestamps"));
	hm_json_open(o, '[');
	for (size_t i = 0; i < sig->num_stamps; i++) {
		const struct hm_stamp_told *stamp = &sig->stamps[i];

		hm_json_open(o, '{');
		hm_json_member_str(o, "kind",
				   stamp->sort == HM_STAMP_SORT_RFC3161 ? "RFC 3161"
									: "PKCS #9");
		put_time(r, o, "time", stamp->time);
		hm_json_member(o, "digest", stamp->digest);
		hm_json_member_bool(o, "counts", sig->stamp == i);
		hm_json_member_str(o, "reason", hm_reason_row(stamp->reason)->word);
		put_chain(r, o, &stamp->chain);
		hm_json_close(o, '}');
	}
	hm_json_close(o, ']');
}

static void put_faults(struct hm_json_out *o, const struct hm_faults *faults)
{
	hm_json_name(o, hm_bytes_of("faults"));
	hm_json_open(o, '[');
	for (size_t i = 0; i < faults->num; i++) {
		hm_json_open(o, '{');
		hm_json_member_str(o, "reason",
				   hm_reason_row(faults->at[i].reason)->word);
		hm_json_member(o, "about", faults->at[i].about);
		hm_json_close(o, '}');
	}
	hm_json_close(o, ']');
}

static void put_signature(struct hm_report *r, struct hm_json_out *o,
			  const struct hm_sig_verdict *sig)
{
	hm_json_open(o, '{');
	hm_json_member_str(o, "state", hm_state_name(sig->state));
	hm_json_member_str(o, "reason", hm_reason_row(sig->reason)->word);
	hm_json_member_int(o, "entry", sig->entry);
	hm_json_member_int(o, "depth", sig->depth);
	hm_json_member_int(o, "padding_bytes", (int64_t)sig->padding_len);
	hm_json_member_int(o, "unauthenticated_bytes", (int64_t)sig->unauth_len);
	put_flags(o, sig->flags);
	put_faults(o, &sig->faults);
	hm_json_member(o, "digest_algorithm", sig->digest_alg);
	hm_json_member(o, "digest_signed", sig->embedded);
	hm_json_member(o, "digest_computed", sig->computed);
	hm_json_member(o, "program", sig->program);
	hm_json_member(o, "url", sig->url);
	put_time(r, o, "claimed_time", sig->claimed_time);
	put_time(r, o, "judged_at", sig->judged_at);
	put_chain(r, o, &sig->chain);
	put_stamps(r, o, sig);
	hm_json_name(o, hm_bytes_of("crl_urls"));
	hm_json_open(o, '[');
	for (size_t i = 0; i < sig->num_crl_urls; i++)
		hm_json_put(o, sig->crl_urls[i]);
	hm_json_close(o, ']');
	hm_json_close(o, '}');
}

static void put_head(struct hm_report *r, struct hm_json_out *o,
		     const struct hm_judged_file *j)
{
	const struct hm_verdict *v = j->verdict;
	const struct hm_reason_row *why = hm_reason_row(v->reason);
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);
	const struct hm_link *signer = hm_verdict_signer(v);

	hm_json_member_str(o, "path", j->path);
	hm_json_member(o, "sha1", v->sha1);
	hm_json_member(o, "sha256", v->sha256);
	hm_json_member(o, "format", v->format);
	hm_json_member(o, "kind", v->kind);
	hm_json_member_int(o, "size", (int64_t)v->size);
	hm_json_member_str(o, "state", hm_state_name(v->state));
	hm_json_member_str(o, "reason", why->word);
	hm_json_member_str(o, "sentence", why->sentence);
	hm_json_member_str(o, "hresult",
			   hm_format(r->arena, "0x%08X", why->hresult->value));
	hm_json_member_str(o, "hresult_name", why->hresult->name);
	hm_json_member_str(o, "hresult_text", why->hresult->text);
	hm_json_member(o, "signer", signer->subject);
	hm_json_member(o, "issuer", signer->issuer);
	put_time(r, o, "timestamp", stamp != NULL ? stamp->time : HM_NO_TIME);
	hm_json_member(o, "signer_sha1", signer->sha1);
	hm_json_member(o, "serial", signer->serial);
	put_time(r, o, "not_before", signer->not_before);
	put_time(r, o, "not_after", signer->not_after);
}

/* Where in the file the signatures lie, and what follows them. */
static void put_table(struct hm_report *r, struct hm_json_out *o,
		      const struct hm_verdict *v)
{
	hm_json_member_int(o, "table_at", (int64_t)v->table_at);
	hm_json_member_int(o, "table_size", (int64_t)v->table_len);
	hm_json_member_int(o, "trailing_bytes", (int64_t)v->trailing_len);
	put_time(r, o, "link_time", v->link_time);
}

void hm_report_json(struct hm_report *r, const struct hm_judged_file *j)
{
	const struct hm_verdict *v = j->verdict;
	struct hm_json_out out = hm_json_out_of(r->out), *o = &out;

	hm_json_open(o, '{');
	put_head(r, o, j);
	put_flags(o, v->flags);
	put_table(r, o, v);
	hm_json_member(o, "damage", v->why);
	if (v->why.len != 0)
		hm_json_member_int(o, "damage_at", (int64_t)v->where);
	put_time(r, o, "now", v->now);
	hm_json_name(o, hm_bytes_of("signatures"));
	hm_json_open(o, '[');
	for (size_t i = 0; i < v->num_sigs; i++)
		put_signature(r, o, &v->sigs[i]);
	hm_json_close(o, ']');
	hm_json_close(o, '}');
}

static void jsonl_row(struct hm_report *r, const struct hm_judged_file *j)
{
	hm_report_json(r, j);
	hm_put_u8(r->out, '\n');
}

static void json_begin(struct hm_report *r)
{
	hm_put_str(r->out, "[");
}

static void json_row(struct hm_report *r, const struct hm_judged_file *j)
{
	hm_put_str(r->out, r->rows == 0 ? "\n" : ",\n");
	hm_report_json(r, j);
}

static void json_end(struct hm_report *r)
{
	hm_put_str(r->out, r->rows == 0 ? "]\n" : "\n]\n");
}

const struct hm_report_format hm_report_jsonl = { .name = "jsonl", .row = jsonl_row };
const struct hm_report_format hm_report_json_form = {
	.name = "json", .begin = json_begin, .row = json_row, .end = json_end
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* ---- Elastic Common Schema: file.*, file.code_signature.* ---- */

static void ecs_signature(struct hm_report *r, struct hm_json_out *o,
			  const struct hm_verdict *v)
{
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);
	const struct hm_link *signer = hm_verdict_signer(v);
	bool exists = v->state != HM_STATE_UNSIGNED;

	hm_json_name(o, hm_bytes_of("code_signature"));
	hm_json_open(o, '{');
	hm_json_member_bool(o, "exists", exists);
	if (exists) {
		const char *status = hm_reason_row(v->reason)->hresult->elastic;

		/* valid: the content is what was signed; trusted: the chain holds too */
		hm_json_member_bool(o, "valid",
				    v->state != HM_STATE_INVALID &&
					    v->state != HM_STATE_UNKNOWN);
		hm_json_member_bool(o, "trusted", v->state == HM_STATE_VALID);
		hm_json_member_str(o, "status",
				   status[0] != '\0'
					   ? status
					   : hm_reason_row(v->reason)->hresult->name);
		hm_json_member(o, "subject_name", signer->subject);
		hm_json_member(o, "digest_algorithm", v->sigs[0].digest_alg);
		hm_json_member(o, "thumbprint_sha256", signer->sha256);
		if (stamp != NULL)
			put_time(r, o, "timestamp", stamp->time);
	}
	hm_json_close(o, '}');
}

static void ecs_row(struct hm_report *r, const struct hm_judged_file *j)
{
	const struct hm_verdict *v = j->verdict;
	struct hm_json_out out = hm_json_out_of(r->out), *o = &out;

	hm_json_open(o, '{');
	put_time(r, o, "@timestamp", v->now);
	hm_json_name(o, hm_bytes_of("ecs"));
	hm_json_open(o, '{');
	hm_json_member_str(o, "version", "8.11.0");
	hm_json_close(o, '}');
	hm_json_name(o, hm_bytes_of("event"));
	hm_json_open(o, '{');
	hm_json_member_str(o, "kind", "asset");
	hm_json_member_str(o, "module", "hallmark");
	hm_json_close(o, '}');
	hm_json_name(o, hm_bytes_of("file"));
	hm_json_open(o, '{');
	hm_json_member_str(o, "path", j->path);
	hm_json_member_str(o, "name", base_name(j->path));
	hm_json_member_int(o, "size", (int64_t)v->size);
	hm_json_name(o, hm_bytes_of("hash"));
	hm_json_open(o, '{');
	hm_json_member(o, "sha1", v->sha1);
	hm_json_member(o, "sha256", v->sha256);
	hm_json_close(o, '}');
	ecs_signature(r, o, v);
	hm_json_close(o, '}');
	hm_json_close(o, '}');
	hm_put_u8(r->out, '\n');
}

const struct hm_report_format hm_report_ecs = { .name = "ecs", .row = ecs_row };

/* ---- OCSF 1.5: File Query (5007) with file.signature ---- */

enum { OCSF_FILE_QUERY = 5007, OCSF_AUTHENTICODE = 4 };

/* fingerprint.algorithm_id */
enum { OCSF_MD5 = 1, OCSF_SHA1 = 2, OCSF_SHA256 = 3, OCSF_SHA512 = 4 };

static void ocsf_time(struct hm_json_out *o, const char *name, hm_time time)
{
	/* milliseconds since 1970 */
	if (time != HM_NO_TIME)
		hm_json_member_int(o, name, (time - HM_UNIX_0) / 10000);
}

static void ocsf_hash(struct hm_json_out *o, int algorithm, hm_bytes value)
{
	hm_json_open(o, '{');
	hm_json_member_int(o, "algorithm_id", algorithm);
	hm_json_member(o, "value", value);
	hm_json_close(o, '}');
}

static void ocsf_certificate(struct hm_json_out *o, const struct hm_link *signer)
{
	hm_json_name(o, hm_bytes_of("certificate"));
	hm_json_open(o, '{');
	hm_json_member(o, "subject", signer->subject_dn);
	hm_json_member(o, "issuer", signer->issuer_dn);
	hm_json_member(o, "serial_number", signer->serial);
	ocsf_time(o, "created_time", signer->not_before);
	ocsf_time(o, "expiration_time", signer->not_after);
	hm_json_name(o, hm_bytes_of("fingerprints"));
	hm_json_open(o, '[');
	ocsf_hash(o, OCSF_SHA1, signer->sha1);
	ocsf_hash(o, OCSF_SHA256, signer->sha256);
	hm_json_close(o, ']');
	hm_json_close(o, '}');
}

/* The captions of digital_signature.state_id; others are not used. */
static const char *ocsf_state(int id)
{
	static const char *const captions[] = { "Unknown",   "Valid",      "Expired",
						"Revoked",   "Suspended",  "Pending",
						"Untrusted", "Distrusted", "WrongUsage",
						"Bad",       "Broken" };

	return captions[id];
}

/* What was signed: the file's Authenticode digest. */
static void ocsf_digest(struct hm_json_out *o, const struct hm_sig_verdict *sig)
{
	static const struct {
		const char *name;
		int id;
	} known[] = {
		{ "md5", OCSF_MD5 },
		{ "sha1", OCSF_SHA1 },
		{ "sha256", OCSF_SHA256 },
		{ "sha512", OCSF_SHA512 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (hm_is(sig->digest_alg, known[i].name)) {
			hm_json_name(o, hm_bytes_of("digest"));
			ocsf_hash(o, known[i].id, sig->embedded);
		}
}

static void ocsf_signature(struct hm_json_out *o, const struct hm_verdict *v)
{
	const struct hm_reason_row *why = hm_reason_row(v->reason);
	const struct hm_link *signer = hm_verdict_signer(v);
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);

	if (why->ocsf == 0)
		return;
	hm_json_name(o, hm_bytes_of("signature"));
	hm_json_open(o, '{');
	hm_json_member_int(o, "algorithm_id", OCSF_AUTHENTICODE);
	hm_json_member_str(o, "algorithm", "Authenticode");
	hm_json_member_int(o, "state_id", why->ocsf);
	hm_json_member_str(o, "state", ocsf_state(why->ocsf));
	ocsf_digest(o, &v->sigs[0]);
	if (stamp != NULL)
		ocsf_time(o, "created_time", stamp->time);
	if (signer->sha1.len != 0)
		ocsf_certificate(o, signer);
	hm_json_close(o, '}');
}

static void ocsf_file(struct hm_json_out *o, const struct hm_judged_file *j)
{
	const struct hm_verdict *v = j->verdict;

	hm_json_name(o, hm_bytes_of("file"));
	hm_json_open(o, '{');
	hm_json_member_str(o, "name", base_name(j->path));
	hm_json_member_str(o, "path", j->path);
	hm_json_member_int(o, "type_id", 1);
	hm_json_member_int(o, "size", (int64_t)v->size);
	hm_json_name(o, hm_bytes_of("hashes"));
	hm_json_open(o, '[');
	if (v->sha1.len != 0)
		ocsf_hash(o, OCSF_SHA1, v->sha1);
	if (v->sha256.len != 0)
		ocsf_hash(o, OCSF_SHA256, v->sha256);
	hm_json_close(o, ']');
	ocsf_signature(o, v);
	hm_json_close(o, '}');
}

static void ocsf_row(struct hm_report *r, const struct hm_judged_file *j)
{
	struct hm_json_out out = hm_json_out_of(r->out), *o = &out;

	hm_json_open(o, '{');
	hm_json_member_int(o, "category_uid", 5);
	hm_json_member_int(o, "class_uid", OCSF_FILE_QUERY);
	hm_json_member_int(o, "activity_id", 1);
	hm_json_member_int(o, "type_uid", OCSF_FILE_QUERY * 100 + 1);
	hm_json_member_int(o, "severity_id", 1);
	hm_json_member_int(o, "query_result_id", 1);
	ocsf_time(o, "time", j->verdict->now);
	hm_json_member_str(o, "message", hm_reason_row(j->verdict->reason)->sentence);
	hm_json_name(o, hm_bytes_of("metadata"));
	hm_json_open(o, '{');
	hm_json_member_str(o, "version", "1.5.0");
	hm_json_name(o, hm_bytes_of("product"));
	hm_json_open(o, '{');
	hm_json_member_str(o, "name", "hallmark");
	hm_json_member_str(o, "vendor_name", "hallmark");
	hm_json_member_str(o, "version", HM_VERSION);
	hm_json_close(o, '}');
	hm_json_close(o, '}');
	ocsf_file(o, j);
	hm_json_close(o, '}');
	hm_put_u8(r->out, '\n');
}

const struct hm_report_format hm_report_ocsf = { .name = "ocsf", .row = ocsf_row };
