/* SPDX-License-Identifier: MIT */
/* ddl.h: SQL that makes the tables of base/schema.def in DuckDB. */
#ifndef HM_STORE_DDL_H
#define HM_STORE_DDL_H

#include "base/buf.h"
#include "base/schema.h"

/* An identifier in double quotes, as SQL:1992 5.2 has it. */
void hm_put_sql_name(struct hm_buf *b, hm_bytes name);

/* A literal in single quotes: for paths only, since values are bound. */
void hm_put_sql_text(struct hm_buf *b, hm_bytes text);

/* "BIGINT", "VARCHAR"...: what a column of that type is stored as. */
const char *hm_sql_type(enum hm_type type);

/* All tables, the loads table and the export views; statements end with ";". */
void hm_put_ddl(struct hm_buf *b);

/* The export views, in place of older ones. */
void hm_put_views(struct hm_buf *b);

/* The statement that adds a column that an older file lacks. */
void hm_put_add_column(struct hm_buf *b, const struct hm_column *column);

#endif
