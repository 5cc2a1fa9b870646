/* SPDX-License-Identifier: MIT */
#include "store/ddl.h"

static void put_quoted(struct hm_buf *b, hm_bytes text, uint8_t quote)
{
	struct hm_cur c = hm_cur_of(text);

	hm_put_u8(b, quote);
	while (hm_more(&c)) {
		uint8_t byte = hm_u8(&c, "text");

		if (byte == quote)
			hm_put_u8(b, quote);
		hm_put_u8(b, byte);
	}
	hm_put_u8(b, quote);
}

void hm_put_sql_name(struct hm_buf *b, hm_bytes name)
{
	put_quoted(b, name, '"');
}

void hm_put_sql_text(struct hm_buf *b, hm_bytes text)
{
	put_quoted(b, text, '\'');
}

static void put_name(struct hm_buf *b, const char *name)
{
	hm_put_sql_name(b, hm_bytes_of(name));
}

const char *hm_sql_type(enum hm_type type)
{
	static const char *const types[] = {
		[HM_TYPE_BOOL] = "BOOLEAN",    [HM_TYPE_INT] = "INTEGER",
		[HM_TYPE_LONG] = "BIGINT",     [HM_TYPE_REAL] = "DOUBLE",
		[HM_TYPE_DATETIME] = "BIGINT", [HM_TYPE_STRING] = "VARCHAR",
		[HM_TYPE_DYNAMIC] = "VARCHAR",
	};

	return types[type];
}

static void put_column(struct hm_buf *b, const struct hm_column *column)
{
	put_name(b, column->name);
	hm_putf(b, " %s", hm_sql_type(column->type));
}

static void put_table(struct hm_buf *b, const struct hm_table *table)
{
	hm_put_str(b, "CREATE TABLE ");
	put_name(b, table->name);
	hm_put_str(b, " (_Row UHUGEINT NOT NULL, _Load UBIGINT NOT NULL");
	for (int i = table->first; i < table->first + table->count; i++) {
		hm_put_str(b, ", ");
		put_column(b, &hm_columns[i]);
		if (hm_columns[i].type == HM_TYPE_STRING)
			hm_put_str(b, " NOT NULL DEFAULT ''");
	}
	hm_put_str(b, ");\n");
}

/* DuckDB's TIMESTAMP counts microseconds since 1970. */
static void put_timestamp(struct hm_buf *b, const char *name, const char *as)
{
	hm_put_str(b, "make_timestamp((");
	put_name(b, name);
	hm_put_str(b, " - 621355968000000000) // 10) AS ");
	put_name(b, as);
}

static void put_view(struct hm_buf *b, const struct hm_table *table)
{
	hm_put_str(b, "CREATE OR REPLACE VIEW export.");
	put_name(b, table->name);
	hm_put_str(b, " AS SELECT ");
	for (int i = table->first; i < table->first + table->count; i++) {
		if (hm_columns[i].type == HM_TYPE_DATETIME)
			put_timestamp(b, hm_columns[i].name, hm_columns[i].name);
		else
			put_name(b, hm_columns[i].name);
		hm_put_str(b, ", ");
	}
	put_timestamp(b, "Timestamp", "TimeGenerated");
	hm_put_str(b, " FROM main.");
	put_name(b, table->name);
	hm_put_str(b, ";\n");
}

void hm_put_views(struct hm_buf *b)
{
	for (int i = 0; i < HM_TABLE_COUNT; i++)
		put_view(b, &hm_tables[i]);
}

void hm_put_ddl(struct hm_buf *b)
{
	hm_put_str(b, "BEGIN;\nCREATE SCHEMA export;\n");
	for (int i = 0; i < HM_TABLE_COUNT; i++)
		put_table(b, &hm_tables[i]);
	hm_put_views(b);
	/* how far each file was read: see load.h */
	hm_put_str(b, "CREATE TABLE _Loads (Path VARCHAR NOT NULL, Print VARCHAR NOT "
		      "NULL, Done BIGINT NOT NULL, Line BIGINT NOT NULL, Source BIGINT "
		      "NOT NULL, LoadedAt BIGINT NOT NULL);\nCOMMIT;\n");
}

void hm_put_add_column(struct hm_buf *b, const struct hm_column *column)
{
	hm_put_str(b, "ALTER TABLE ");
	put_name(b, hm_tables[column->table].name);
	hm_put_str(b, " ADD COLUMN ");
	put_column(b, column);
	if (column->type == HM_TYPE_STRING)
		hm_put_str(b, " DEFAULT ''");
	hm_put_str(b, ";\n");
}
