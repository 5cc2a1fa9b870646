/* SPDX-License-Identifier: MIT */
/*
 * report.c: the table of forms, what they share, and the forms for people and
 * for hallmark's own JSON and CSV.
 */
#include "cli/report.h"

#include <stdlib.h>
#include <string.h>

static const struct hm_report_format *const forms[] = {
	&hm_report_table,    &hm_report_json_form, &hm_report_jsonl, &hm_report_csv,
	&hm_report_sigcheck, &hm_report_ecs,       &hm_report_ocsf,
};

const char hm_report_names[] = "table, json, jsonl, csv, sigcheck, ecs or ocsf";

const struct hm_report_format *hm_report_find(const char *name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i]->name, name) == 0)
			return forms[i];
	return NULL;
}

void hm_report_print(struct hm_report *r)
{
	if (r->out->err != HM_OK) {
		/* half a line would be taken for a whole one */
		hm_complain("there is no memory to tell of all files");
		exit(HM_EXIT_FAILED);
	}
	if (r->out->len != 0)
		fwrite(r->out->at, 1, r->out->len, stdout);
	fflush(stdout);
	hm_buf_clear(r->out);
}

const char *hm_iso(struct hm_arena *a, hm_time time)
{
	char text[HM_TIME_TEXT];
	size_t len = strlen(hm_time_text(time, text));

	if (len == 0)
		return "";
	/* 2020-01-01T00:00:00.0000000Z: 19 characters, the fraction, Z */
	int digits = 7;
	while (digits > 0 && text[19 + digits] == '0')
		digits--;
	return hm_format(a, "%.*sZ", digits == 0 ? 19 : 20 + digits, text);
}

void hm_put_csv(struct hm_buf *b, hm_bytes field, bool guard)
{
	struct hm_cur c = hm_cur_of(field);

	hm_put_u8(b, '"');
	if (guard && field.len != 0 && strchr("=+-@\t\r", hm_peek(&c)) != NULL)
		hm_put_u8(b, '\'');
	while (hm_more(&c)) {
		uint8_t byte = hm_u8(&c, "field");

		if (byte == '"')
			hm_put_u8(b, '"');
		hm_put_u8(b, byte);
	}
	hm_put_u8(b, '"');
}

/* ---- table ---- */

static const char *const state_colours[] = {
	[HM_STATE_VALID] = "\x1b[32m",     [HM_STATE_UNSIGNED] = "\x1b[2m",
	[HM_STATE_INVALID] = "\x1b[1;31m", [HM_STATE_UNTRUSTED] = "\x1b[31m",
	[HM_STATE_EXPIRED] = "\x1b[33m",   [HM_STATE_REVOKED] = "\x1b[31m",
	[HM_STATE_UNKNOWN] = "\x1b[35m",
};

static void table_begin(struct hm_report *r)
{
	hm_putf(r->out, "%-9s  %-32s  %-10s  %s\n", "STATE", "SIGNER", "STAMPED", "FILE");
}

/* text in exactly width columns, as far as one character is one column. */
static void put_cell(struct hm_report *r, const char *text, size_t width)
{
	struct hm_cur c = hm_cur_of(hm_bytes_of(text));
	size_t columns = 0;

	/* count characters, not bytes: continuation bytes begin with 10 */
	for (; hm_more(&c) && columns < width; columns++) {
		hm_put_u8(r->out, hm_u8(&c, "text"));
		while ((hm_peek(&c) & 0xc0) == 0x80)
			hm_put_u8(r->out, hm_u8(&c, "text"));
	}
	for (; columns < width; columns++)
		hm_put_u8(r->out, ' ');
}

static void table_row(struct hm_report *r, const struct hm_judged_file *j)
{
	const struct hm_verdict *v = j->verdict;
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);
	const char *signer = hm_shown(r->arena, hm_verdict_signer(v)->subject);
	const char *day = stamp != NULL ? hm_iso(r->arena, stamp->time) : "";

	if (r->colour)
		hm_put_str(r->out, state_colours[v->state]);
	put_cell(r, hm_state_name(v->state), 9);
	if (r->colour)
		hm_put_str(r->out, "\x1b[0m");
	hm_put_str(r->out, "  ");
	put_cell(r, signer[0] != '\0' ? signer : "-", 32);
	hm_put_str(r->out, "  ");
	put_cell(r, day[0] != '\0' ? day : "-", 10);
	hm_putf(r->out, "  %s", hm_shown(r->arena, hm_bytes_of(j->path)));
	if (v->state != HM_STATE_VALID && v->state != HM_STATE_UNSIGNED)
		hm_putf(r->out, ": %s", hm_reason_row(v->reason)->sentence);
	hm_put_u8(r->out, '\n');
}

const struct hm_report_format hm_report_table = { .name = "table",
						  .begin = table_begin,
						  .row = table_row };

/* ---- csv ---- */

static void csv_begin(struct hm_report *r)
{
	hm_put_str(r->out,
		   "path,state,reason,hresult,signer,issuer,timestamp,sha1,sha256,format,"
		   "signer_sha1,serial,not_before,not_after,root,flags\n");
}

hm_bytes hm_report_flags(struct hm_arena *a, uint64_t flags)
{
	struct hm_buf b = hm_buf_of(1 << 14);

	for (int i = 0; i < HM_FLAG_COUNT; i++)
		if ((flags >> i & 1) != 0)
			hm_putf(&b, "%s%s", b.len != 0 ? " " : "",
				hm_flag_word((enum hm_flag)i));
	hm_bytes kept = hm_keep(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return kept;
}

static void csv_row(struct hm_report *r, const struct hm_judged_file *j)
{
	const struct hm_verdict *v = j->verdict;
	const struct hm_reason_row *why = hm_reason_row(v->reason);
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);
	const struct hm_link *signer = hm_verdict_signer(v);
	const hm_bytes fields[] = {
		hm_bytes_of(j->path),
		hm_bytes_of(hm_state_name(v->state)),
		hm_bytes_of(why->word),
		hm_bytes_of(hm_format(r->arena, "0x%08X", why->hresult->value)),
		signer->subject,
		signer->issuer,
		hm_bytes_of(stamp != NULL ? hm_iso(r->arena, stamp->time) : ""),
		v->sha1,
		v->sha256,
		v->format,
		signer->sha1,
		signer->serial,
		hm_bytes_of(hm_iso(r->arena, signer->not_before)),
		hm_bytes_of(hm_iso(r->arena, signer->not_after)),
		v->sigs[0].chain.root,
		hm_report_flags(r->arena, v->flags),
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (i != 0)
			hm_put_u8(r->out, ',');
		hm_put_csv(r->out, fields[i], true);
	}
	hm_put_u8(r->out, '\n');
}

const struct hm_report_format hm_report_csv = { .name = "csv",
						.begin = csv_begin,
						.row = csv_row };

/* ---- sigcheck ---- */

/*
 * Sysinternals sigcheck -c -h: the header, the words and the upper-case hashes are its
 * own; what it cannot know of a file is "n/a".  Nothing is disarmed: its readers expect
 * the text.
 */
static void sigcheck_begin(struct hm_report *r)
{
	hm_put_str(r->out,
		   "Path,Verified,Date,Publisher,Company,Description,Product,Product "
		   "Version,"
		   "File Version,Machine Type,MD5,SHA1,PESHA1,PESHA256,SHA256,IMP\n");
}

static const char *sigcheck_verified(const struct hm_verdict *v)
{
	switch (v->state) {
	case HM_STATE_VALID: return "Signed";
	case HM_STATE_UNSIGNED: return "Unsigned";
	case HM_STATE_INVALID:
	case HM_STATE_UNTRUSTED:
	case HM_STATE_EXPIRED:
	case HM_STATE_REVOKED:
	case HM_STATE_UNKNOWN:
	case HM_STATE_COUNT: break;
	}
	return hm_reason_row(v->reason)->hresult->text;
}

/* "6:05 AM 8/12/2026", of the stamp or else of the link; always UTC here. */
static const char *sigcheck_date(struct hm_report *r, const struct hm_verdict *v)
{
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);
	hm_time time = stamp != NULL ? stamp->time : v->link_time;

	if (time == HM_NO_TIME)
		return "";
	struct hm_civil c = hm_civil_of(time);
	return hm_format(r->arena, "%d:%02d %s %d/%d/%d",
			 c.hour % 12 == 0 ? 12 : c.hour % 12, c.minute,
			 c.hour < 12 ? "AM" : "PM", c.month, c.day, c.year);
}

static hm_bytes upper(struct hm_report *r, hm_bytes hex)
{
	hm_bytes copy = hm_keep(r->arena, hex);
	uint8_t *at = (uint8_t *)(uintptr_t)copy.at;

	for (size_t i = 0; i < copy.len; i++)
		if (at[i] >= 'a' && at[i] <= 'f')
			at[i] = (uint8_t)(at[i] - ('a' - 'A'));
	return copy;
}

static void sigcheck_row(struct hm_report *r, const struct hm_judged_file *j)
{
	const struct hm_verdict *v = j->verdict;
	const struct hm_facts none = { 0 }, *f = j->facts != NULL ? j->facts : &none;
	const struct hm_version *says = &f->version;
	const char *bits = f->plus ? "64-bit" : "32-bit";
	const hm_bytes fields[] = {
		hm_bytes_of(j->path),
		hm_bytes_of(sigcheck_verified(v)),
		hm_bytes_of(sigcheck_date(r, v)),
		hm_verdict_signer(v)->subject,
		says->company,
		says->description,
		says->product,
		says->product_version,
		says->file_version,
		hm_bytes_of(f->pesha1.len != 0 ? bits : ""),
		upper(r, v->md5),
		upper(r, v->sha1),
		upper(r, f->pesha1),
		upper(r, f->pesha256),
		upper(r, v->sha256),
		upper(r, f->imphash),
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (i != 0)
			hm_put_u8(r->out, ',');
		hm_put_csv(r->out, fields[i].len != 0 ? fields[i] : hm_bytes_of("n/a"),
			   false);
	}
	hm_put_u8(r->out, '\n');
}

const struct hm_report_format hm_report_sigcheck = {
	.name = "sigcheck", .facts = true, .begin = sigcheck_begin, .row = sigcheck_row
};
