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

/* Kusto's other names for its types. */
static const struct {
	const char *alias;
	enum hm_scalar type;
} aliases[] = {
	{ "boolean", HM_SCALAR_BOOL },  { "int32", HM_SCALAR_INT },
	{ "int64", HM_SCALAR_LONG },    { "double", HM_SCALAR_REAL },
	{ "date", HM_SCALAR_DATETIME }, { "time", HM_SCALAR_TIMESPAN },
	{ "uuid", HM_SCALAR_GUID },     { "uniqueid", HM_SCALAR_GUID },
	{ "float", HM_SCALAR_REAL },    { "uint", HM_SCALAR_INT },
	{ "uint32", HM_SCALAR_INT },    { "ulong", HM_SCALAR_LONG },
	{ "uint64", HM_SCALAR_LONG },   { "object", HM_SCALAR_DYNAMIC },
};

const char *hm_scalar_name(enum hm_scalar type)
{
	return names[type].name;
}

const char *hm_scalar_dotnet(enum hm_scalar type)
{
	return names[type].dotnet;
}

bool hm_scalar_named(hm_bytes name, enum hm_scalar *out)
{
	for (unsigned i = HM_SCALAR_BOOL; i < HM_SCALAR_COUNT; i++) {
		if (!hm_is_nocase(name, names[i].name))
			continue;
		*out = (enum hm_scalar)i;
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

bool hm_scalar_is_number(enum hm_scalar type)
{
	return type >= HM_SCALAR_INT && type <= HM_SCALAR_DECIMAL;
}
