/* SPDX-License-Identifier: MIT */
/*
 * state.h: SignatureState from what others report about a signature.
 *
 * Each source has words of its own; most say less than the seven states do.  The
 * certainty tells how far the state follows: "sure", "likely", "guess".  No row
 * for a file means nothing: neither signed nor unsigned.
 *
 * Sources: Sysmon, reference 3.3 and 3.4; Defender, 2.10 of the same; WinVerifyTrust
 * results (CAPI2 event 81), CodeIntegrity event 3089, sigcheck, Elastic's
 * code_signature.status, OCSF's digital_signature.state_id, osquery's authenticode.
 */
#ifndef HM_TELEMETRY_STATE_H
#define HM_TELEMETRY_STATE_H

#include "telemetry/event.h"

/* Static texts.  state is NULL where the source said nothing about a signature. */
struct hm_judged {
	const char *state;     /* "Valid"... */
	const char *rule;      /* which rule gave it: "sysmon-failed-hash" */
	const char *certainty; /* "sure", "likely" or "guess" */
};

/* The three signature fields of Sysmon's events 6 and 7, as they are. */
struct hm_judged hm_judge_sysmon(hm_bytes is_signed, hm_bytes signer, hm_bytes status);

/* A row of DeviceFileCertificateInfo with Defender's own columns set. */
struct hm_judged hm_judge_defender(const struct hm_event *row);

/* HRESULT of WinVerifyTrust. */
struct hm_judged hm_judge_hresult(uint32_t hresult);

/* VerificationError of CodeIntegrity's event 3089. */
struct hm_judged hm_judge_code_integrity(int64_t error);

/* "Verified" of sigcheck: English messages; others are Unknown. */
struct hm_judged hm_judge_sigcheck(hm_bytes verified);

/* code_signature.status, .exists and .trusted as text; empty where absent. */
struct hm_judged hm_judge_elastic(hm_bytes status, hm_bytes exists, hm_bytes trusted);

/* digital_signature.state_id. */
struct hm_judged hm_judge_ocsf(int64_t state_id);

/* result of osquery's authenticode table. */
struct hm_judged hm_judge_osquery(hm_bytes result);

/* Fill the row's state columns; where means.state is NULL nothing is filled. */
void hm_put_judged(struct hm_event *row, struct hm_judged means);

#endif
