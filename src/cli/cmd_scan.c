/* SPDX-License-Identifier: MIT */
/*
 * cmd_scan.c: verdicts on files as rows of DeviceFileCertificateInfo.
 *
 * Every file that was judged is one row, as one observation; scanning again adds
 * another.  Rows become durable every second, so that Ctrl-C loses no more.
 */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/opening.h"
#include "cli/report.h"
#include "cli/verify_options.h"
#include "store/load.h"

static const char about[] = "Judges each file, and each file in each folder, as verify "
			    "does, and adds a row for it to\n"
			    "the table DeviceFileCertificateInfo of the data folder.  "
			    "Prints the files that are\n"
			    "Invalid, Untrusted, Expired or Revoked, and how many there "
			    "were of each state.\n\n"
			    "Exit status: as verify's.";

struct scanning {
	struct hm_arena *arena; /* for the whole scan */
	struct hm_arena row;    /* for one file */
	const char *data, *device;
	struct hm_store *store;
	struct hm_load *load;
	struct hm_batcher *batcher;
	hm_time time, committed; /* of the scan; of the last commit */
	uint64_t rows, states[HM_STATE_COUNT];
	struct hm_report report;
	struct hm_buf text;
	bool failed;
};

/* ---- a verdict as a row ---- */

static hm_bytes urls(const struct hm_sig_verdict *sig, struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(1 << 20);
	struct hm_json_out o = hm_json_out_of(&b);

	hm_json_open(&o, '[');
	for (size_t i = 0; i < sig->num_crl_urls; i++)
		hm_json_put(&o, sig->crl_urls[i]);
	hm_json_close(&o, ']');
	hm_bytes kept = hm_keep(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return kept;
}

static void set_certificate(struct hm_event *e, const struct hm_verdict *v,
			    struct hm_arena *a)
{
	const struct hm_link *signer = hm_verdict_signer(v),
			     *issuer = hm_verdict_issuer(v);
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);

	hm_event_text(e, HM_COL_CERT_Signer, signer->subject);
	hm_event_text(e, HM_COL_CERT_SignerHash, signer->sha1);
	hm_event_text(e, HM_COL_CERT_Issuer, signer->issuer);
	hm_event_text(e, HM_COL_CERT_IssuerHash, issuer->sha1);
	hm_event_text(e, HM_COL_CERT_CertificateSerialNumber, signer->serial);
	hm_event_text(e, HM_COL_CERT_CrlDistributionPointUrls, urls(&v->sigs[0], a));
	hm_event_time(e, HM_COL_CERT_CertificateCreationTime, signer->not_before);
	hm_event_time(e, HM_COL_CERT_CertificateExpirationTime, signer->not_after);
	if (stamp != NULL)
		hm_event_time(e, HM_COL_CERT_CertificateCountersignatureTime,
			      stamp->time);
}

static void set_verdict(struct hm_event *e, const struct hm_judged_file *j,
			struct hm_arena *a)
{
	const struct hm_verdict *v = j->verdict;
	const struct hm_reason_row *why = hm_reason_row(v->reason);
	bool is_signed = v->state != HM_STATE_UNSIGNED;

	hm_event_text(e, HM_COL_CERT_SHA1, v->sha1);
	hm_event_int(e, HM_COL_CERT_IsSigned, is_signed);
	if (is_signed)
		hm_event_text(e, HM_COL_CERT_SignatureType, hm_bytes_of("Embedded"));
	hm_event_int(e, HM_COL_CERT_IsTrusted, v->state == HM_STATE_VALID);
	hm_event_int(e, HM_COL_CERT_IsRootSignerMicrosoft,
		     v->state == HM_STATE_VALID && v->sigs[0].chain.microsoft);
	hm_event_text(e, HM_COL_CERT_SignatureState,
		      hm_bytes_of(hm_state_name(v->state)));
	hm_event_text(e, HM_COL_CERT_SignatureReason, hm_bytes_of(why->word));
	hm_event_text(e, HM_COL_CERT_SignatureHResult,
		      hm_bytes_of(hm_format(a, "0x%08X", why->hresult->value)));
	hm_event_text(e, HM_COL_CERT_SignatureCertainty, hm_bytes_of("sure"));
	hm_event_text(e, HM_COL_CERT_SignatureFlags, hm_report_flags(a, v->flags));
	hm_event_text(e, HM_COL_CERT_SignatureSource, hm_bytes_of("hallmark"));
	hm_event_text(e, HM_COL_CERT_SignatureText, hm_bytes_of(why->sentence));
	hm_event_text(e, HM_COL_CERT_SignaturePath, hm_bytes_of(j->path));
	hm_event_text(e, HM_COL_CERT_SignatureSHA256, v->sha256);
	hm_event_text(e, HM_COL_CERT_SignatureDigest, v->sigs[0].computed);
}

static hm_bytes lower(const char *text, struct hm_arena *a)
{
	char *copy = hm_cstr(a, hm_bytes_of(text));

	for (char *c = copy; *c != '\0'; c++)
		*c = (char)hm_lower((uint8_t)*c);
	return hm_bytes_of(copy);
}

static struct hm_event *row_of(struct scanning *s, const struct hm_judged_file *j)
{
	struct hm_event *e = hm_new(&s->row, struct hm_event);

	hm_event_begin(e, HM_TABLE_CERT);
	hm_event_time(e, HM_COL_CERT_Timestamp, s->time);
	hm_event_text(e, HM_COL_CERT_DeviceName, hm_bytes_of(s->device));
	hm_event_text(e, HM_COL_CERT_DeviceId, lower(s->device, &s->row));
	hm_event_int(e, HM_COL_CERT_ReportId, (int64_t)s->rows + 1);
	set_verdict(e, j, &s->row);
	if (j->verdict->num_sigs != 0)
		set_certificate(e, j->verdict, &s->row);
	return e;
}

/* ---- into the table ---- */

static bool check(struct scanning *s, hm_err err)
{
	if (err != HM_OK && !s->failed)
		hm_complain("%s", hm_store_why(s->store));
	s->failed = s->failed || err != HM_OK;
	return !s->failed;
}

static void take_batch(void *ctx, hm_bytes batch)
{
	struct scanning *s = ctx;

	if (!s->failed)
		check(s, hm_load_batch(s->load, batch));
}

static void commit(struct scanning *s)
{
	hm_batcher_flush(s->batcher);
	if (!s->failed)
		check(s, hm_load_commit(s->load));
	s->committed = hm_time_now();
}

static bool is_bad(enum hm_state state)
{
	return state != HM_STATE_VALID && state != HM_STATE_UNSIGNED &&
	       state != HM_STATE_UNKNOWN;
}

static void scan_one(void *ctx, const struct hm_judged_file *j)
{
	struct scanning *s = ctx;
	const struct hm_verdict *v = j->verdict;

	s->states[v->state]++;
	/* what could not be read has no hash, and was complained of */
	if (!s->failed && v->sha1.len != 0) {
		if (hm_batcher_add(s->batcher, row_of(s, j), true) == HM_OK)
			s->rows++;
		else
			s->failed = hm_complain("%s: its row is too large to store",
						j->path) != 0;
	}
	if (is_bad(v->state)) {
		s->report.format->row(&s->report, j);
		hm_report_print(&s->report);
	}
	hm_arena_reset(&s->row);
	if (hm_time_now() - s->committed > HM_TICKS_SECOND)
		commit(s);
}

/* Called when the workers are there and before the first file. */
static bool open_table(void *ctx)
{
	struct scanning *s = ctx;

	s->store = hm_open_data(s->arena, &(struct hm_store_spec){ .folder = s->data,
								   .command = "scan" });
	if (s->store == NULL)
		return false;
	s->batcher = hm_batcher_new(take_batch, s);
	if (s->batcher == NULL) {
		hm_complain("out of memory");
		return false;
	}
	return check(s, hm_load_open(s->store, s->time, &s->load));
}

static void print_summary(const struct scanning *s)
{
	uint64_t files = 0;

	for (int i = 0; i < HM_STATE_COUNT; i++)
		files += s->states[i];
	printf("%llu file%s%s", (unsigned long long)files, files == 1 ? "" : "s",
	       files == 0 ? "" : ":");
	for (int i = 0; i < HM_STATE_COUNT; i++)
		if (s->states[i] != 0)
			printf(" %llu %s", (unsigned long long)s->states[i],
			       hm_state_name((enum hm_state)i));
	printf("; %llu row%s added\n", (unsigned long long)s->rows,
	       s->rows == 1 ? "" : "s");
}

static int scan(struct scanning *s, struct hm_judging *judging,
		const struct hm_list *paths)
{
	s->row = hm_cli_arena();
	s->text = hm_buf_of(HM_REPORT_BYTES);
	s->report = (struct hm_report){ .format = &hm_report_table,
					.out = &s->text,
					.arena = &s->row,
					.colour = hm_wants_colour(stdout) };
	judging->folders = true;
	judging->ready = open_table;
	judging->judged = scan_one;
	judging->ctx = s;
	int status = hm_judge_files(judging, paths);
	if (s->load != NULL)
		commit(s);
	if (s->failed)
		status = HM_EXIT_FAILED;
	else if (s->load != NULL)
		print_summary(s);
	hm_load_close(s->load);
	hm_batcher_free(s->batcher);
	hm_store_close(s->store);
	hm_buf_done(&s->text);
	hm_arena_close(&s->row);
	return status;
}

static const char *host_name(struct hm_arena *a)
{
	char name[HOST_NAME_MAX + 1] = { 0 };

	if (gethostname(name, sizeof(name) - 1) != 0)
		return "localhost";
	return hm_format(a, "%s", name);
}

int hm_cmd_scan(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct hm_verify_options v = { 0 };
	const char *device = NULL;
	struct hm_option options[] = {
		{ .name = "device",
		  .argument = "NAME",
		  .text = &device,
		  .help = "the machine that the files are from; this one's name unless "
			  "given" },
		HM_VERIFY_OPTIONS(v),
	};
	const struct hm_command_help help = { "hallmark scan [OPTION]... PATH...", about,
					      options,
					      sizeof(options) / sizeof(options[0]) };
	struct hm_list paths;
	struct hm_judging judging;

	int status = hm_options(&help, argc, argv, &a, &paths);
	if (status == -1 && !hm_verify_options_read(&v, &judging))
		status = HM_EXIT_FAILED;
	if (status == -1 && paths.count == 0)
		status = hm_complain("scan needs a path; hallmark scan -h tells more");
	if (status == -1) {
		struct scanning s = { .arena = &a,
				      .data = v.data,
				      .device = device != NULL ? device : host_name(&a),
				      .time = hm_time_now() };

		s.committed = s.time;
		status = scan(&s, &judging, &paths);
	}
	hm_arena_close(&a);
	return status;
}
