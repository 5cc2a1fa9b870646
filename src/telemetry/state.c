/* SPDX-License-Identifier: MIT */
#include "telemetry/state.h"

#include "base/text.h"
#include "telemetry/convert.h"

static struct hm_judged judged(const char *state, const char *rule, const char *certainty)
{
	return (struct hm_judged){ state, rule, certainty };
}

struct word {
	const char *word;
	struct hm_judged means;
};

/* The first whose word is the text, ASCII case aside; the last row's word is NULL. */
static struct hm_judged look_up(const struct word *words, hm_bytes text)
{
	while (words->word != NULL && !hm_is_nocase(text, words->word))
		words++;
	return words->means;
}

static bool begins(hm_bytes text, const char *with)
{
	hm_bytes head = hm_bytes_of(with);

	return hm_same_nocase(hm_part(text, 0, head.len), head) && text.len >= head.len;
}

/* ---- Sysmon ---- */

/* clang-format off */
static const struct word sysmon_status[] = {
	{ "Expired",   { "Expired",   "sysmon-expired",   "sure" } },
	{ "Revoked",   { "Revoked",   "sysmon-revoked",   "sure" } },
	{ "Invalid",   { "Invalid",   "sysmon-invalid",   "sure" } },
	{ "Untrusted", { "Untrusted", "sysmon-untrusted", "sure" } },
	{ NULL,        { "Unknown",   "sysmon-other",     "guess" } },
};
/* clang-format on */

/* Text that begins with "failed": the check failed, or could not be made. */
static struct hm_judged sysmon_failed(hm_bytes text)
{
	if (begins(text, "failed: Invalid hash"))
		return judged("Invalid", "sysmon-failed-hash", "sure");
	return judged("Unknown", "sysmon-failed", "guess");
}

/*
 * Signed is false and there is no verdict.  Sysmon finds no signature on a file
 * when the catalog service fails for a moment, so this is never sure; and with a
 * signer named, a signature was read that did not hold.
 */
static struct hm_judged sysmon_unsigned(hm_bytes signer)
{
	if (!hm_nothing(signer))
		return judged("Untrusted", "sysmon-named-not-signed", "guess");
	return judged("Unsigned", "sysmon-not-signed", "likely");
}

struct hm_judged hm_judge_sysmon(hm_bytes is_signed, hm_bytes signer, hm_bytes status)
{
	bool yes = hm_is_nocase(is_signed, "true"), no = hm_is_nocase(is_signed, "false");

	if (begins(is_signed, "failed"))
		return sysmon_failed(is_signed);
	/* where Elastic's pipeline puts it */
	if (begins(status, "failed"))
		return sysmon_failed(status);
	if (hm_is_nocase(status, "Valid"))
		return yes ? judged("Valid", "sysmon-valid", "sure")
			   : judged("Unknown", "sysmon-contradicts", "guess");
	if (hm_nothing(status) && yes)
		return judged("Valid", "sysmon-signed", "likely");
	if (no && (hm_nothing(status) || hm_is_nocase(status, "Unavailable")))
		return sysmon_unsigned(signer);
	if (hm_nothing(is_signed) && hm_nothing(status))
		return judged(NULL, "", "");
	return look_up(sysmon_status, status);
}

/* ---- Defender ---- */

/* clang-format off */
static const char *const known_issuers[] = {
#define HM_ISSUER(sha256, name, root) name,
#include "verdict/known_issuers.def"
#undef HM_ISSUER
};
/* clang-format on */

static bool is_known_issuer(hm_bytes name)
{
	for (size_t i = 0; i < sizeof(known_issuers) / sizeof(known_issuers[0]); i++)
		if (hm_is(name, known_issuers[i]))
			return true;
	return false;
}

static int64_t number(const struct hm_event *row, enum hm_column_id column)
{
	size_t at = (size_t)((int)column - hm_tables[row->table].first);

	return hm_event_has(row, column) ? row->cell[at].number : -1;
}

/* IsSigned holds, IsTrusted does not: Defender says no more, the rest is inferred. */
static struct hm_judged judge_distrusted(const struct hm_event *row)
{
	hm_bytes signer = hm_event_get(row, HM_COL_CERT_Signer);
	hm_bytes issuer = hm_event_get(row, HM_COL_CERT_Issuer);
	hm_bytes signer_hash = hm_event_get(row, HM_COL_CERT_SignerHash);
	hm_bytes issuer_hash = hm_event_get(row, HM_COL_CERT_IssuerHash);
	int64_t expires = number(row, HM_COL_CERT_CertificateExpirationTime);
	bool stamped = hm_event_has(row, HM_COL_CERT_CertificateCountersignatureTime);

	if (!stamped && expires >= 0 && expires < number(row, HM_COL_CERT_Timestamp))
		return judged("Expired", "mde-expired-unstamped", "likely");
	if ((signer.len != 0 && hm_same(signer, issuer)) ||
	    (signer_hash.len != 0 && hm_same(signer_hash, issuer_hash)))
		return judged("Untrusted", "mde-self-signed", "likely");
	if (is_known_issuer(issuer))
		return judged("Invalid", "mde-known-issuer", "likely");
	return judged("Untrusted", "mde-not-trusted", "guess");
}

struct hm_judged hm_judge_defender(const struct hm_event *row)
{
	int64_t is_trusted = number(row, HM_COL_CERT_IsTrusted);
	int64_t is_signed = number(row, HM_COL_CERT_IsSigned);

	if (is_trusted == 1)
		return judged("Valid", "mde-trusted", "sure");
	if (is_signed == 0)
		return judged("Unsigned", "mde-not-signed", "sure");
	if (is_trusted == 0)
		return judge_distrusted(row);
	return judged("Unknown", "mde-no-verdict", "guess");
}

/* ---- WinVerifyTrust ---- */

struct result {
	uint32_t hresult;
	struct hm_judged means;
};

/* clang-format off */
static const struct result results[] = {
	{ 0x00000000, { "Valid",     "hresult-ok",               "sure" } },
	{ 0x800B0100, { "Unsigned",  "hresult-no-signature",     "sure" } },
	{ 0x800B0003, { "Unsigned",  "hresult-form-unknown",     "sure" } },
	{ 0x800B0001, { "Unsigned",  "hresult-provider-unknown", "sure" } },
	{ 0x80096010, { "Invalid",   "hresult-bad-digest",       "sure" } },
	{ 0x8009200D, { "Invalid",   "hresult-bad-message",      "sure" } },
	{ 0x80096002, { "Invalid",   "hresult-no-signer",        "sure" } },
	{ 0x80096003, { "Invalid",   "hresult-counter-signer",   "sure" } },
	{ 0x80096004, { "Invalid",   "hresult-cert-signature",   "sure" } },
	{ 0x80096005, { "Invalid",   "hresult-time-stamp",       "sure" } },
	{ 0x80091007, { "Invalid",   "hresult-hash-value",       "sure" } },
	{ 0x80096019, { "Invalid",   "hresult-basic-constraints", "sure" } },
	{ 0x80090008, { "Invalid",   "hresult-bad-algorithm",    "sure" } },
	{ 0x800B0109, { "Untrusted", "hresult-untrusted-root",   "sure" } },
	{ 0x800B010A, { "Untrusted", "hresult-chaining",         "sure" } },
	{ 0x800B010D, { "Untrusted", "hresult-test-root",        "sure" } },
	{ 0x800B0112, { "Untrusted", "hresult-untrusted-ca",     "sure" } },
	{ 0x800B0111, { "Untrusted", "hresult-explicit-distrust", "sure" } },
	{ 0x800B0004, { "Untrusted", "hresult-not-trusted",      "sure" } },
	{ 0x80092026, { "Untrusted", "hresult-security-settings", "sure" } },
	{ 0x800B0110, { "Untrusted", "hresult-wrong-usage",      "sure" } },
	{ 0x800B0106, { "Untrusted", "hresult-purpose",          "sure" } },
	{ 0x800B0101, { "Expired",   "hresult-expired",          "sure" } },
	{ 0x800B0102, { "Expired",   "hresult-validity-nesting", "sure" } },
	{ 0x800B010C, { "Revoked",   "hresult-revoked",          "sure" } },
	{ 0x80092010, { "Revoked",   "hresult-crypt-revoked",    "sure" } },
};

/* 3089's VerificationError: explanation in Microsoft's event-tag-explanations. */
static const struct hm_judged integrity_errors[] = {
	[0] = { "Valid",      "ci-verified",            "sure" },
	[1] = { "Invalid",    "ci-hash-wrong",          "sure" },
	[3] = { "Unsigned",   "ci-not-signed",          "sure" },
	[4] = { "Revoked",    "ci-revoked",             "sure" },
	[5] = { "Expired",    "ci-expired",             "sure" },
	[6] = { "Untrusted",  "ci-weak-hash",           "sure" },
	[7] = { "Untrusted",  "ci-invalid-root",        "sure" },
	[9] = { "Untrusted",  "ci-signing-time",        "likely" },
	[11] = { "Invalid",   "ci-page-hash",           "sure" },
	[19] = { "Revoked",   "ci-file-revoked",        "sure" },
	[20] = { "Untrusted", "ci-sha1-stamp",          "likely" },
	[23] = { "Invalid",   "ci-image-hash",          "sure" },
	[24] = { "Untrusted", "ci-flight-root",         "sure" },
	[27] = { "Invalid",   "ci-chain-tampered",      "sure" },
	[28] = { "Invalid",   "ci-resource-page-hash",  "sure" },
};

static const struct word sigcheck_words[] = {
	{ "Signed",   { "Valid",    "sigcheck-signed",   "sure" } },
	{ "Unsigned", { "Unsigned", "sigcheck-unsigned", "sure" } },
	{ "Signed but the filesize is invalid (the file is too large)",
	  { "Valid", "sigcheck-signed-too-large", "sure" } },
	{ "The digital signature of the object did not verify.",
	  { "Invalid", "sigcheck-bad-digest", "sure" } },
	{ "A certificate was explicitly revoked by its issuer.",
	  { "Revoked", "sigcheck-revoked", "sure" } },
	{ "The certificate is revoked.", { "Revoked", "sigcheck-crypt-revoked", "sure" } },
	{ "A certificate chain processed, but terminated in a root certificate which is "
	  "not trusted by the trust provider.",
	  { "Untrusted", "sigcheck-untrusted-root", "sure" } },
	{ "A certificate chain could not be built to a trusted root authority.",
	  { "Untrusted", "sigcheck-chaining", "sure" } },
	{ "A required certificate is not within its validity period when verifying "
	  "against the current system clock or the timestamp in the signed file.",
	  { "Expired", "sigcheck-expired", "sure" } },
	{ "The certificate was explicitly marked as untrusted by the user.",
	  { "Untrusted", "sigcheck-distrusted", "sure" } },
	{ "The certificate is not valid for the requested usage.",
	  { "Untrusted", "sigcheck-wrong-usage", "sure" } },
	{ "The signature of the certificate cannot be verified.",
	  { "Invalid", "sigcheck-cert-signature", "sure" } },
	{ "The timestamp signature and/or certificate could not be verified or is "
	  "malformed.",
	  { "Invalid", "sigcheck-time-stamp", "sure" } },
	{ NULL, { "Unknown", "sigcheck-other", "guess" } },
};

static const struct word elastic_words[] = {
	{ "trusted",            { "Valid",     "ecs-trusted",        "sure" } },
	{ "errorExpired",       { "Expired",   "ecs-expired",        "sure" } },
	{ "errorRevoked",       { "Revoked",   "ecs-revoked",        "sure" } },
	{ "errorBadDigest",     { "Invalid",   "ecs-bad-digest",     "sure" } },
	{ "errorTimeStamp",     { "Invalid",   "ecs-time-stamp",     "sure" } },
	{ "errorUntrustedRoot", { "Untrusted", "ecs-untrusted-root", "sure" } },
	{ "errorChaining",      { "Untrusted", "ecs-chaining",       "sure" } },
	{ "noSignature",        { "Unsigned",  "ecs-no-signature",   "sure" } },
	/* Sysmon's words, where its events became ECS */
	{ "Valid",              { "Valid",     "ecs-valid",          "sure" } },
	{ "Unavailable",        { "Unsigned",  "ecs-unavailable",    "likely" } },
	{ NULL,                 { "Unknown",   "ecs-other",          "guess" } },
};

/* state_id of OCSF's digital_signature object, schema 1.9 */
static const struct hm_judged ocsf_states[] = {
	[1] = { "Valid",      "ocsf-valid",       "sure" },
	[2] = { "Expired",    "ocsf-expired",     "sure" },
	[3] = { "Revoked",    "ocsf-revoked",     "sure" },
	[4] = { "Unknown",    "ocsf-suspended",   "guess" },
	[5] = { "Unknown",    "ocsf-pending",     "guess" },
	[6] = { "Untrusted",  "ocsf-untrusted",   "sure" },
	[7] = { "Untrusted",  "ocsf-distrusted",  "sure" },
	[8] = { "Untrusted",  "ocsf-wrong-usage", "sure" },
	[9] = { "Invalid",    "ocsf-bad",         "sure" },
	[10] = { "Invalid",   "ocsf-broken",      "sure" },
};

static const struct word osquery_words[] = {
	{ "trusted",    { "Valid",     "osquery-trusted",    "sure" } },
	{ "missing",    { "Unsigned",  "osquery-missing",    "likely" } },
	{ "distrusted", { "Untrusted", "osquery-distrusted", "sure" } },
	{ "untrusted",  { "Untrusted", "osquery-untrusted",  "guess" } },
	{ "valid",      { "Untrusted", "osquery-valid",      "likely" } },
	{ NULL,         { "Unknown",   "osquery-other",      "guess" } },
};
/* clang-format on */

struct hm_judged hm_judge_hresult(uint32_t hresult)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (results[i].hresult == hresult)
			return results[i].means;
	return judged("Unknown", "hresult-other", "guess");
}

/* The entry of a sparse table; absent ones are Unknown. */
static struct hm_judged entry(const struct hm_judged *table, size_t len, int64_t at,
			      const char *other)
{
	if (at >= 0 && (uint64_t)at < len && table[at].state != NULL)
		return table[at];
	return judged("Unknown", other, "guess");
}

struct hm_judged hm_judge_code_integrity(int64_t error)
{
	return entry(integrity_errors,
		     sizeof(integrity_errors) / sizeof(integrity_errors[0]), error,
		     "ci-other");
}

struct hm_judged hm_judge_sigcheck(hm_bytes verified)
{
	if (hm_nothing(verified) || hm_is_nocase(verified, "n/a"))
		return judged(NULL, "", "");
	return look_up(sigcheck_words, verified);
}

struct hm_judged hm_judge_elastic(hm_bytes status, hm_bytes exists, hm_bytes trusted)
{
	bool yes;

	if (status.len != 0)
		return look_up(elastic_words, status);
	if (hm_boolean_of(exists, &yes) && !yes)
		return judged("Unsigned", "ecs-not-signed", "sure");
	if (hm_boolean_of(trusted, &yes))
		return yes ? judged("Valid", "ecs-trusted", "sure")
			   : judged("Untrusted", "ecs-not-trusted", "guess");
	if (exists.len != 0)
		return judged("Unknown", "ecs-no-verdict", "guess");
	return judged(NULL, "", "");
}

struct hm_judged hm_judge_ocsf(int64_t state_id)
{
	return entry(ocsf_states, sizeof(ocsf_states) / sizeof(ocsf_states[0]), state_id,
		     "ocsf-other");
}

struct hm_judged hm_judge_osquery(hm_bytes result)
{
	if (result.len == 0)
		return judged(NULL, "", "");
	return look_up(osquery_words, result);
}

void hm_put_judged(struct hm_event *row, struct hm_judged means)
{
	if (means.state == NULL)
		return;
	hm_event_text(row, HM_COL_CERT_SignatureState, hm_bytes_of(means.state));
	hm_event_text(row, HM_COL_CERT_SignatureReason, hm_bytes_of(means.rule));
	hm_event_text(row, HM_COL_CERT_SignatureCertainty, hm_bytes_of(means.certainty));
}
