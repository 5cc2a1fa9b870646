/* SPDX-License-Identifier: MIT */
/*
 * ingest_kafka.h: messages of a Kafka topic, or of an Azure event hub through its Kafka
 * side, into the tables.
 *
 * Rows are made durable first and the group's offsets are committed after, so a message
 * may come again and is never lost; its rows have the same identity then and are stored
 * once.  The client is librdkafka; its settings come from a file of the user's, in
 * librdkafka's own words ("sasl.password=...").
 */
#ifndef HM_CLI_INGEST_KAFKA_H
#define HM_CLI_INGEST_KAFKA_H

#include "cli/ingest_file.h"

struct hm_kafka_spec {
	const char *address;  /* kafka://HOST[:PORT][,HOST[:PORT]].../TOPIC */
	const char *settings; /* a file, or NULL */
	bool once;            /* end where all partitions have been read to their end */
};

/* Whether an operand is such an address. */
bool hm_kafka_is(const char *operand);

/* Have signals that end the program wait, so that what was read is made durable first:
 * before any thread or worker is made. */
void hm_kafka_hold_signals(void);

/* Read until there is no more, a signal comes, or something is lost that would be
 * skipped by a commit.  Complains; returns the exit status. */
int hm_kafka_read(struct hm_ingesting *g, const struct hm_kafka_spec *spec);

#endif
