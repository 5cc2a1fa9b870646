/* SPDX-License-Identifier: MIT */
#include "query/types.h"

#include "base/text.h"

static const struct {
	const char *name, *dotnet;
} names[HM_TYPE_COUNT] = {
	[HM_TYPE_UNKNOWN] = { "unknown", "System.Object" },
	[HM_TYPE_BOOL] = { "bool", "System.SByte" },
	[HM_TYPE_INT] = { "int", "System.Int32" },
	[HM_TYPE_LONG] = { "long", "System.Int64" },
	[HM_TYPE_REAL] = { "real", "System.Double" },
	[HM_TYPE_DECIMAL] = { "decimal", "System.Data.SqlTypes.SqlDecimal" },
	[HM_TYPE_STRING] = { "string", "System.String" },
	[HM_TYPE_DATETIME] = { "datetime", "System.DateTime" },
	[HM_TYPE_TIMESPAN] = { "timespan", "System.TimeSpan" },
	[HM_TYPE_GUID] = { "guid", "System.Guid" },
	[HM_TYPE_DYNAMIC] = { "dynamic", "System.Object" },
};

/* Kusto's other names for its types. */
static const struct {
	const char *alias;
	enum hm_type type;
} aliases[] = {
	{ "boolean", HM_TYPE_BOOL },  { "int32", HM_TYPE_INT },
	{ "int64", HM_TYPE_LONG },    { "double", HM_TYPE_REAL },
	{ "date", HM_TYPE_DATETIME }, { "time", HM_TYPE_TIMESPAN },
	{ "uuid", HM_TYPE_GUID },     { "uniqueid", HM_TYPE_GUID },
	{ "float", HM_TYPE_REAL },    { "uint", HM_TYPE_INT },
	{ "uint32", HM_TYPE_INT },    { "ulong", HM_TYPE_LONG },
	{ "uint64", HM_TYPE_LONG },   { "object", HM_TYPE_DYNAMIC },
};

const char *hm_type_name(enum hm_type type)
{
	return names[type].name;
}

const char *hm_type_dotnet(enum hm_type type)
{
	return names[type].dotnet;
}

bool hm_type_named(hm_bytes name, enum hm_type *out)
{
	for (unsigned i = HM_TYPE_BOOL; i < HM_TYPE_COUNT; i++) {
		if (!hm_is_nocase(name, names[i].name))
			continue;
		*out = (enum hm_type)i;
		return true;
	}
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (!hm_is_nocase(name, aliases[i].alias))
			continue;
		*out = aliases[i].type;
		return true;
	}
	return false;
}

bool hm_type_is_number(enum hm_type type)
{
	return type >= HM_TYPE_INT && type <= HM_TYPE_DECIMAL;
}
