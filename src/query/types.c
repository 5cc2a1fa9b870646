/* SPDX-License-Identifier: MIT */
#include "query/types.h"

#include "base/text.h"

static const struct {
	const char *name, *dotnet;
} names[HM_SCALAR_COUNT] = {
	[HM_SCALAR_UNKNOWN] = { "unknown", "System.Object" },
	[HM_SCALAR_BOOL] = { "bool", "System.SByte" },
	[HM_SCALAR_INT] = { "int", "System.Int32" },
	[HM_SCALAR_LONG] = { "long", "System.Int64" },
	[HM_SCALAR_REAL] = { "real", "System.Double" },
	[HM_SCALAR_DECIMAL] = { "decimal", "System.Data.SqlTypes.SqlDecimal" },
	[HM_SCALAR_STRING] = { "string", "System.String" },
	[HM_SCALAR_DATETIME] = { "datetime", "System.DateTime" },
	[HM_SCALAR_TIMESPAN] = { "timespan", "System.TimeSpan" },
	[HM_SCALAR_GUID] = { "guid", "System.Guid" },
	[HM_SCALAR_DYNAMIC] = { "dynamic", "System.Object" },
};

/* Kusto's other names for its types: some may declare a column, others only begin a
 * literal or name a conversion. */
/* clang-format off */
static const struct {
	const char *alias;
	enum hm_scalar type;
	bool declares;
} aliases[] = {
	{ "boolean", HM_SCALAR_BOOL, true },    { "int32", HM_SCALAR_INT, false },
	{ "int64", HM_SCALAR_LONG, true },      { "double", HM_SCALAR_REAL, true },
	{ "date", HM_SCALAR_DATETIME, true },   { "time", HM_SCALAR_TIMESPAN, true },
	{ "uuid", HM_SCALAR_GUID, false },      { "uniqueid", HM_SCALAR_GUID, true },
	{ "float", HM_SCALAR_REAL, false },     { "uint", HM_SCALAR_INT, false },
	{ "uint32", HM_SCALAR_INT, false },     { "ulong", HM_SCALAR_LONG, false },
	{ "uint64", HM_SCALAR_LONG, false },    { "object", HM_SCALAR_DYNAMIC, false },
};
/* clang-format on */

const char *hm_scalar_name(enum hm_scalar type)
{
	return names[type].name;
}

const char *hm_scalar_dotnet(enum hm_scalar type)
{
	return names[type].dotnet;
}

static bool find_alias(hm_bytes name, bool declaring, enum hm_scalar *out)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (!hm_is(name, aliases[i].alias) || (declaring && !aliases[i].declares))
			continue;
		*out = aliases[i].type;
		return true;
	}
	return false;
}

static bool find_name(hm_bytes name, enum hm_scalar *out)
{
	for (unsigned i = HM_SCALAR_BOOL; i < HM_SCALAR_COUNT; i++) {
		if (!hm_is(name, names[i].name))
			continue;
		*out = (enum hm_scalar)i;
		return true;
	}
	return false;
}

bool hm_scalar_named(hm_bytes name, enum hm_scalar *out)
{
	return find_name(name, out) || find_alias(name, false, out);
}

bool hm_scalar_declared(hm_bytes name, enum hm_scalar *out)
{
	return find_name(name, out) || find_alias(name, true, out);
}

bool hm_scalar_is_number(enum hm_scalar type)
{
	return type >= HM_SCALAR_INT && type <= HM_SCALAR_DECIMAL;
}
