/* SPDX-License-Identifier: MIT */
/*
 * limits.h: every bound that hallmark puts on its input, each with its reason.
 *
 * Going past one is HM_ELIMIT and a reason of its own in the verdict or in the
 * count of skipped records: never silence.
 */
#ifndef HM_BASE_LIMITS_H
#define HM_BASE_LIMITS_H

enum {
	/* JSON: Event Hub messages nest 4 deep, Elastic's documents 9. */
	HM_MAX_JSON_DEPTH = 64,

	/* PE: the most imports seen in a vendor's program is about 6,000, and the longest
	 * decorated C++ name that compilers emit has 4,096 characters. */
	HM_MAX_IMPORTS = 65536,
	HM_MAX_IMPORT_NAME = 8192,

	/* EVTX: elements within elements; Windows' own events nest 7 deep. */
	HM_MAX_EVTX_DEPTH = 64,
	/* EVTX: binary XML in a value in binary XML; Windows' events nest 2 deep. */
	HM_MAX_EVTX_NEST = 8,
	/* EVTX: steps of work for a chunk of 64 KiB.  The fullest
	 * lawful ones take some 25,000; one made to be costly, any number. */
	HM_MAX_EVTX_STEPS = 200000,
	/* EVTX: bytes of JSON from a chunk of 64 KiB; real ones make twice their size. */
	HM_MAX_EVTX_JSON_BYTES = 16 << 20,

	/* A pipe is taken into memory as a whole; what is larger is given as a file. */
	HM_MAX_PIPE_BYTES = 1 << 30,

	/* Worker and caller: a frame is a verdict or a batch of rows, never a file. */
	HM_MAX_FRAME_BYTES = 64 << 20,
	/* Telemetry: one record of a log.  Event Hub messages end at 1 MB, a script block
	 * of PowerShell is split at 20 KB; a whole answer of the hunting API is read
	 * record by record. */
	HM_MAX_RECORD_BYTES = 8 << 20,
	HM_MAX_ROW_BYTES = 8 << 20,
	/* gzip's own most is 1032 to 1; logs come to 30. */
	HM_MAX_EXPANSION = 1000,
	/* Object identifiers: the longest in use has 14 arcs (CVE-2023-2650: printing
	 * thousands took quadratic time). */
	HM_MAX_OID_ARCS = 64,
	/* BER with indefinite lengths: a real message is 15 deep. */
	HM_MAX_DER_DEPTH = 64,
	HM_MAX_DER_ELEMENTS = 1 << 16,
	/* Certificates and CRLs in one message: real files have at most a dozen. */
	HM_MAX_CERTS = 128,
	HM_MAX_CRLS = 64,
	/* SignerInfos in one message: Windows writes and reads one. */
	HM_MAX_SIGNERS = 8,
	/* Attributes of one signer: at most 8 are in use. */
	HM_MAX_ATTRS = 64,
	HM_MAX_DIGEST_ALGS = 8,
	/* Signatures of one file, nested ones counted, and how deep they nest: real
	 * files have four at most, side by side. */
	HM_MAX_SIGNATURES = 32,
	HM_MAX_NESTING = 4,
	/* Timestamps of one signature: one in use, two seen. */
	HM_MAX_STAMPS = 8,
	/* Purposes and distribution points of one certificate. */
	HM_MAX_EKU = 64,
	HM_MAX_CRL_URLS = 16,
	/* Bytes of one name as text: a display name is below 64. */
	HM_MAX_NAME_TEXT = 16384,
	/* RSA moduli: OpenSSL's own maximum; 8192 is the longest in Microsoft's program.
	 */
	HM_MAX_RSA_BITS = 16384,
	HM_MAX_DSA_BITS = 3072,
	/* A trust list: the root program's has 190,000 bytes.  A root's certificate: the
	 * longest has 2,000. */
	HM_MAX_LIST_BYTES = 8 << 20,
	HM_MAX_ROOT_BYTES = 64 << 10,
	/* Public-key operations for one file: a file with four stamped signatures
	 * takes 30.  Those that take long count more (signature/crypto.c). */
	HM_MAX_KEY_OPERATIONS = 128,

	/* KQL: what one row of one function may take, and what it may keep over a
	 * chunk of rows.  A make_list of a million strings fits. */
	HM_MAX_RT_ROW = 512 << 20,
	HM_MAX_RT_CALL = 64 << 20,

	/* KQL: rules within rules while parsing and binding; the deepest of 1,670 public
	 * detections is 40, and 200 levels of the binder's frames fit a small stack. */
	HM_MAX_KQL_DEPTH = 200,
	/* KQL: what one query may grow to when its functions and let statements are
	 * written out; the largest detection has 5,000 expressions. */
	HM_MAX_KQL_STEPS = 400000,
	/* KQL: operators of one plan; the largest detection has 150. */
	HM_MAX_KQL_NODES = 4000,
	/* KQL: bytes of one query: Defender's own limit is 200 kB. */
	HM_MAX_KQL_BYTES = 1 << 20,

	/* KQL: pinned copies of external tables and watchlists of one query; the largest
	 * that public detections name has 40 MB. */
	HM_MAX_COPY_BYTES = 256 << 20,

	/* Damaged signatures: real ones carry up to a dozen certificates, and each try
	 * costs the reading of one. */
	HM_MAX_SALVAGED = 32,
	HM_MAX_SALVAGE_TRIES = 1024,
};

#endif
