/* SPDX-License-Identifier: MIT */
#include "telemetry/convert.h"

#include "base/json.h"
#include "base/text.h"

bool hm_nothing(hm_bytes value)
{
	if (value.len == 0)
		return true;
	return value.len == 1 && (value.at[0] == '-' || value.at[0] == '?');
}

hm_bytes hm_lower_text(hm_bytes value, struct hm_arena *a)
{
	size_t same = 0;

	while (same < value.len && hm_lower(hm_at8(value, same)) == hm_at8(value, same))
		same++;
	if (same == value.len)
		return value;

	uint8_t *lower = hm_new_n(a, uint8_t, value.len);
	for (size_t i = 0; i < value.len; i++)
		lower[i] = hm_lower(hm_at8(value, i));
	return (hm_bytes){ lower, value.len };
}

static bool is_hex(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

static bool is_separator(uint8_t byte)
{
	return byte == ':' || byte == ' ' || byte == '-';
}

hm_bytes hm_hex_text(hm_bytes value, struct hm_arena *a)
{
	hm_bytes text = hm_trim(value);
	size_t len = 0;

	if (hm_same_nocase(hm_part(text, 0, 2), hm_bytes_of("0x")))
		text = hm_part(text, 2, text.len - 2);
	uint8_t *hex = hm_new_n(a, uint8_t, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = hm_lower(hm_at8(text, i));

		if (is_hex(byte))
			hex[len++] = byte;
		else if (!is_separator(byte))
			return (hm_bytes){ 0 };
	}
	return (hm_bytes){ hex, len };
}

static int digit_of(uint8_t byte)
{
	byte = hm_lower(byte);
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : 99;
}

static bool hex_integer(hm_bytes digits, int64_t *out)
{
	uint64_t value = 0;

	if (digits.len == 0 || digits.len > 16)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		int digit = digit_of(hm_at8(digits, i));

		if (digit > 15)
			return false;
		value = value << 4 | (uint64_t)digit;
	}
	*out = (int64_t)value;
	return true;
}

bool hm_integer_of(hm_bytes value, int64_t *out)
{
	hm_bytes text = hm_trim(value);
	bool negative = hm_at8(text, 0) == '-';
	size_t from = negative ? 1 : 0;
	int64_t sum = 0;

	if (hm_same_nocase(hm_part(text, 0, 2), hm_bytes_of("0x")))
		return hex_integer(hm_part(text, 2, text.len - 2), out);
	if (text.len <= from)
		return false;
	for (size_t i = from; i < text.len; i++) {
		int digit = digit_of(hm_at8(text, i));

		/* counted downwards, where one more value fits */
		if (digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, digit, &sum))
			return false;
	}
	if (!negative && sum == INT64_MIN)
		return false;
	*out = negative ? sum : -sum;
	return true;
}

bool hm_boolean_of(hm_bytes value, bool *out)
{
	bool yes = hm_is_nocase(value, "true") || hm_is(value, "1");
	bool no = hm_is_nocase(value, "false") || hm_is(value, "0");

	*out = yes;
	return yes || no;
}

/* ---- one function a conversion ---- */

static void set_name(struct hm_event *e, enum hm_column_id column, hm_bytes path)
{
	size_t from = path.len;

	while (from != 0 && hm_at8(path, from - 1) != '\\' &&
	       hm_at8(path, from - 1) != '/')
		from--;
	hm_event_text(e, column, hm_part(path, from, path.len - from));
}

/* "SHA1=AB,MD5=CD" or a bare "AB": a hash of digits hex digits. */
static hm_bytes find_hash(hm_bytes list, const char *name, size_t digits)
{
	struct hm_cur c = hm_cur_of(list);

	while (hm_more(&c)) {
		struct hm_cur begin = c;
		size_t len = 0;

		for (; hm_more(&c) && hm_peek(&c) != ',' && hm_peek(&c) != ';'; len++)
			hm_take(&c, 1, "hash");
		hm_take(&c, hm_more(&c) ? 1 : 0, "comma");
		hm_bytes item = hm_trim(hm_take(&begin, len, "hash"));
		size_t at = 0;
		while (at < item.len && hm_at8(item, at) != '=')
			at++;
		if (at == item.len && item.len == digits)
			return item;
		if (hm_is_nocase(hm_part(item, 0, at), name))
			return hm_part(item, at + 1, item.len - at - 1);
	}
	return (hm_bytes){ 0 };
}

static void set_hash(struct hm_event *e, enum hm_column_id column, hm_bytes hash,
		     size_t digits, struct hm_arena *a)
{
	hm_bytes hex = hm_hex_text(hash, a);

	/* all zeros stand for a hash that was not taken (IMPHASH of no PE) */
	if (hex.len == digits)
		hm_event_text(e, column, hex);
}

static void set_integer(struct hm_event *e, enum hm_column_id column, hm_bytes value,
			bool nonzero)
{
	int64_t number;

	if (hm_integer_of(value, &number) && (!nonzero || number != 0))
		hm_event_int(e, column, number);
}

static void set_unix(struct hm_event *e, enum hm_column_id column, hm_bytes value,
		     int64_t parts)
{
	int64_t number;

	if (!hm_integer_of(value, &number) || number < 0)
		return;
	hm_time seconds = hm_time_of_unix(number / parts);
	if (seconds != HM_NO_TIME)
		hm_event_time(e, column,
			      seconds + number % parts * (HM_TICKS_SECOND / parts));
}

static void set_boolean(struct hm_event *e, enum hm_column_id column, hm_bytes value)
{
	bool truth;

	if (hm_boolean_of(value, &truth))
		hm_event_int(e, column, truth);
}

static void set_account(struct hm_event *e, enum hm_column_id column, hm_bytes value,
			bool domain)
{
	size_t at = 0;

	while (at < value.len && hm_at8(value, at) != '\\')
		at++;
	if (at == value.len) {
		if (!domain)
			hm_event_text(e, column, value);
		return;
	}
	hm_bytes part = domain ? hm_part(value, 0, at)
			       : hm_part(value, at + 1, value.len - at - 1);
	if (!hm_nothing(part))
		hm_event_text(e, column, part);
}

static void set_guid(struct hm_event *e, enum hm_column_id column, hm_bytes value,
		     struct hm_arena *a)
{
	if (hm_at8(value, 0) == '{' && hm_at8(value, value.len - 1) == '}')
		value = hm_part(value, 1, value.len - 2);
	hm_event_text(e, column, hm_lower_text(value, a));
}

struct word {
	const char *word, *meaning;
};

static void set_word(struct hm_event *e, enum hm_column_id column, hm_bytes value,
		     const struct word *words)
{
	for (; words->word != NULL; words++) {
		if (!hm_is(value, words->word))
			continue;
		hm_event_text(e, column, hm_bytes_of(words->meaning));
		return;
	}
	hm_event_text(e, column, value);
}

/* Message parameters of the Security log: TokenElevationType */
static const struct word elevations[] = {
	{ "%%1936", "TokenElevationTypeDefault" },
	{ "%%1937", "TokenElevationTypeFull" },
	{ "%%1938", "TokenElevationTypeLimited" },
	{ "1", "TokenElevationTypeDefault" },
	{ "2", "TokenElevationTypeFull" },
	{ "3", "TokenElevationTypeLimited" },
	/* as rendered */
	{ "TokenElevationTypeDefault (1)", "TokenElevationTypeDefault" },
	{ "TokenElevationTypeFull (2)", "TokenElevationTypeFull" },
	{ "TokenElevationTypeLimited (3)", "TokenElevationTypeLimited" },
	{ NULL, NULL },
};

/* [MS-DTYP] 2.4.2.4: well-known mandatory labels */
static const struct word labels[] = {
	{ "S-1-16-0", "Untrusted" },     { "S-1-16-4096", "Low" },
	{ "S-1-16-8192", "Medium" },     { "S-1-16-8448", "MediumPlus" },
	{ "S-1-16-12288", "High" },      { "S-1-16-16384", "System" },
	{ "S-1-16-20480", "Protected" }, { NULL, NULL },
};

/* What InitiatingProcessSignatureStatus says, by Elastic's code_signature.status. */
static const struct word statuses[] = {
	{ "trusted", "Valid" },
	{ "noSignature", "Unsigned" },
	{ "errorExpired", "Invalid" },
	{ "errorRevoked", "Invalid" },
	{ "errorBadDigest", "Invalid" },
	{ "errorTimeStamp", "Invalid" },
	{ "errorUntrustedRoot", "Invalid" },
	{ "errorChaining", "Invalid" },
	{ "", "Unknown" },
	{ NULL, NULL },
};

static void set_status(struct hm_event *e, enum hm_column_id column, hm_bytes value)
{
	const struct word *w = statuses;

	while (w->word[0] != '\0' && !hm_is(value, w->word))
		w++;
	hm_event_text(e, column, hm_bytes_of(w->meaning));
}

/* "CN=Name, O=..." (RFC 4514, quotes and backslashes as Windows and OpenSSL write them)
 */
static void set_common_name(struct hm_event *e, enum hm_column_id column, hm_bytes name,
			    struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(name.len);
	bool quoted = false;
	size_t at = 0;

	while (at + 3 <= name.len &&
	       !hm_same_nocase(hm_part(name, at, 3), hm_bytes_of("CN=")))
		at++;
	if (at + 3 > name.len) {
		hm_event_text(e, column, name);
		return;
	}
	for (at += 3; at < name.len; at++) {
		uint8_t byte = hm_at8(name, at);

		if (byte == '"')
			quoted = !quoted;
		else if (byte == ',' && !quoted)
			break;
		else if (byte != '\\' || hm_at8(name, ++at) != 0)
			hm_put_u8(&b, hm_at8(name, at));
	}
	hm_event_text(e, column, hm_keep(a, hm_trim(hm_buf_bytes(&b))));
	hm_buf_done(&b);
}

static void set_json(struct hm_event *e, enum hm_column_id column, hm_bytes value,
		     struct hm_arena *a)
{
	struct hm_arena *room = a;
	struct hm_cur c = hm_cur_of(value);

	if (hm_json_read(&c, room) != NULL && hm_left(&c) == 0) {
		hm_event_text(e, column, value);
		return;
	}
	struct hm_buf b = hm_buf_of(6 * value.len + 2);
	hm_put_json_string(&b, value);
	hm_event_text(e, column, hm_keep(a, hm_buf_bytes(&b)));
	hm_buf_done(&b);
}

void hm_event_convert(struct hm_event *e, enum hm_column_id column,
		      enum hm_convert convert, hm_bytes value, struct hm_arena *a)
{
	if (hm_nothing(value))
		return;
	switch (convert) {
	case HM_CONVERT_TEXT: hm_event_text(e, column, value); break;
	case HM_CONVERT_NAME: set_name(e, column, value); break;
	case HM_CONVERT_SHA1:
		set_hash(e, column, find_hash(value, "SHA1", 40), 40, a);
		break;
	case HM_CONVERT_SHA256:
		set_hash(e, column, find_hash(value, "SHA256", 64), 64, a);
		break;
	case HM_CONVERT_MD5:
		set_hash(e, column, find_hash(value, "MD5", 32), 32, a);
		break;
	case HM_CONVERT_HEX: hm_event_text(e, column, hm_hex_text(value, a)); break;
	case HM_CONVERT_INT: set_integer(e, column, value, false); break;
	case HM_CONVERT_NONZERO: set_integer(e, column, value, true); break;
	case HM_CONVERT_TIME:
		hm_event_time(e, column, hm_time_parse(hm_trim(value)));
		break;
	case HM_CONVERT_UNIX: set_unix(e, column, value, 1); break;
	case HM_CONVERT_UNIX_MS: set_unix(e, column, value, 1000); break;
	case HM_CONVERT_BOOL: set_boolean(e, column, value); break;
	case HM_CONVERT_DOMAIN: set_account(e, column, value, true); break;
	case HM_CONVERT_USER: set_account(e, column, value, false); break;
	case HM_CONVERT_GUID: set_guid(e, column, value, a); break;
	case HM_CONVERT_SID:
		if (!hm_is(value, "S-1-0-0"))
			hm_event_text(e, column, value);
		break;
	case HM_CONVERT_ELEVATION: set_word(e, column, value, elevations); break;
	case HM_CONVERT_INTEGRITY: set_word(e, column, value, labels); break;
	case HM_CONVERT_CN: set_common_name(e, column, value, a); break;
	case HM_CONVERT_STATUS: set_status(e, column, value); break;
	case HM_CONVERT_JSON: set_json(e, column, value, a); break;
	}
}
