/* SPDX-License-Identifier: MIT */
/*
 * verdict.h: what hallmark says about one file: state, reason, evidence.
 *
 * A verdict is a value.  Everything in it lives in the arena that it was judged
 * (or read back, verdict/wire.h) in, and nothing in it points into the file: it
 * stays good when the file is gone.  Texts are UTF-8, thumbprints, digests and
 * serial numbers are lower-case hex; an absent text is empty, an absent time
 * HM_NO_TIME.
 *
 * The file's state is that of its primary signature, sigs[0], or of the file
 * itself where no signature could be read.  sigs[0] is always there: where the
 * file has no signature it is an empty one, so that readers need not ask.
 */
#ifndef HM_VERDICT_VERDICT_H
#define HM_VERDICT_VERDICT_H

#include "base/arena.h"
#include "base/time.h"

enum hm_state {
#define HM_STATE(code, word) HM_STATE_##code,
#include "verdict/reasons.def"
#undef HM_STATE
	HM_STATE_COUNT,
};

/* In the order of severity: of several faults the least is the verdict. */
enum hm_reason {
#define HM_REASON(code, word, state, hresult, ocsf, sentence) HM_REASON_##code,
#include "verdict/reasons.def"
#undef HM_REASON
	HM_REASON_COUNT,
};

enum hm_flag {
#define HM_FLAG(code, word, sentence) HM_FLAG_##code,
#include "verdict/flags.def"
#undef HM_FLAG
	HM_FLAG_COUNT,
};

#define HM_FLAG_BIT(code) (UINT64_C(1) << HM_FLAG_##code)

/* What Windows would return. */
struct hm_hresult {
	uint32_t value;
	const char *name;    /* "TRUST_E_BAD_DIGEST" */
	const char *elastic; /* code_signature.status, or "" */
	const char *text;    /* Windows' English message */
};

/* One row of reasons.def. */
struct hm_reason_row {
	const char *word; /* "bad-digest" */
	enum hm_state state;
	const struct hm_hresult *hresult;
	int ocsf;             /* digital_signature.state_id, 0: none */
	const char *sentence; /* ours: goes on after the file's name */
};

const struct hm_reason_row *hm_reason_row(enum hm_reason reason);
const char *hm_state_name(enum hm_state state);
const char *hm_flag_word(enum hm_flag flag);
const char *hm_flag_sentence(enum hm_flag flag);

/* A thing that is wrong, and with which certificate or stamp (may be empty). */
struct hm_fault {
	enum hm_reason reason;
	hm_bytes about;
};

struct hm_faults {
	struct hm_fault *at; /* the most severe first */
	size_t num;
};

/* One certificate of a chain. */
struct hm_link {
	hm_bytes subject, issuer;       /* as Windows shows them: CN or the next best */
	hm_bytes subject_dn, issuer_dn; /* in full, RFC 4514 */
	hm_bytes sha1, sha256;          /* thumbprints */
	hm_bytes serial;
	hm_time not_before, not_after;
	hm_bytes key;       /* "RSA 2048", "EC P-256" */
	hm_bytes algorithm; /* hash that its issuer signed it with: "sha256" */
	bool from_file;     /* false: from the trust store */
};

/* What ended a chain. */
enum hm_anchor {
	HM_ANCHOR_NONE,
	HM_ANCHOR_KNOWN_ISSUER, /* compiled in, its root not needed */
	HM_ANCHOR_PROGRAM,      /* a root of Microsoft's program */
	HM_ANCHOR_LEGACY,       /* a root that Windows ships besides */
	HM_ANCHOR_USER,         /* the user's own */
	HM_ANCHOR_UEFI,         /* of the firmware's database */
	HM_ANCHOR_COUNT,
};

/* "known issuer", "program root", ... */
const char *hm_anchor_name(enum hm_anchor anchor);

struct hm_chain_told {
	struct hm_link *links; /* the signer first */
	size_t num;
	enum hm_anchor anchor;
	hm_bytes root;        /* name and thumbprint of the root, known also where the */
	hm_bytes root_sha256; /* chain ended before it; empty without an anchor */
	hm_time list_date;    /* of the root list that the anchor is in */
	bool microsoft;       /* the root is Microsoft's, by thumbprint */
};

enum hm_stamp_sort { HM_STAMP_SORT_PKCS9, HM_STAMP_SORT_RFC3161, HM_STAMP_SORT_COUNT };

struct hm_stamp_told {
	enum hm_stamp_sort sort;
	hm_time time;
	hm_bytes digest;       /* of the stamped signature: "sha256" */
	enum hm_reason reason; /* HM_REASON_SIGNED: it holds */
	struct hm_chain_told chain;
};

/* One signature of the file. */
struct hm_sig_verdict {
	enum hm_state state;
	enum hm_reason reason;
	struct hm_faults faults; /* all that were found, those of stamps too */
	uint64_t flags;          /* HM_FLAG_BIT */

	uint32_t entry;  /* of the certificate table, from 0 */
	uint32_t depth;  /* 0: in the table; 1: nested in one of depth 0 ... */
	uint32_t parent; /* index of the signature it is nested in */

	struct hm_chain_told chain; /* as far as it goes; links[0] is the signer */
	hm_bytes *crl_urls;         /* of the signer's certificate */
	size_t num_crl_urls;

	hm_bytes digest_alg; /* "sha256" */
	hm_bytes embedded;   /* digest in the signature */
	hm_bytes computed;   /* digest of this file */
	hm_bytes program, url;
	hm_time claimed_time; /* the signer's own signingTime: proves nothing */

	struct hm_stamp_told *stamps;
	size_t num_stamps;
	uint32_t stamp;       /* index of the one that counts; HM_NO_STAMP: none does */
	hm_time judged_at;    /* moment at which the chain was judged */
	uint64_t padding_len; /* bytes after the message in its entry */
	uint64_t unauth_len;  /* bytes in unknown unsigned attributes */
};

#define HM_NO_STAMP UINT32_MAX

struct hm_verdict {
	enum hm_state state;
	enum hm_reason reason;
	uint64_t flags;  /* of the file and its primary signature */
	hm_bytes format; /* "PE", or empty */
	hm_bytes kind;   /* "EXE", "DLL", "SYS", "EFI", or empty */
	uint64_t size;
	hm_bytes md5, sha1, sha256; /* of the whole file; md5 only if asked for */
	hm_bytes why;               /* the reader's words on a damaged file, or empty */
	uint64_t where;             /* and the offset */
	bool claimed;               /* the file says that it has a signature */
	uint64_t table_at, table_len, trailing_len;
	hm_time link_time; /* TimeDateStamp of a PE */

	struct hm_sig_verdict *sigs; /* at least one */
	size_t num_sigs;             /* 0 where no signature could be read */
	hm_time now;                 /* the clock it was judged by */
};

/* The signer's certificate and its issuer's, or an empty link: never NULL. */
const struct hm_link *hm_verdict_signer(const struct hm_verdict *v);
const struct hm_link *hm_verdict_issuer(const struct hm_verdict *v);
/* The stamp that counts, or NULL. */
const struct hm_stamp_told *hm_verdict_stamp(const struct hm_verdict *v);

/* A verdict without a signature, for a file that could not be judged. */
struct hm_verdict hm_verdict_plain(enum hm_reason reason, hm_time now,
				   struct hm_arena *a);

#endif
