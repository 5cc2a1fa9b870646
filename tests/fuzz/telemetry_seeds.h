/* SPDX-License-Identifier: MIT */
/* One record of each layout, for fuzz_json, fuzz_csv and fuzz_xml. */
#ifndef HM_TESTS_FUZZ_TELEMETRY_SEEDS_H
#define HM_TESTS_FUZZ_TELEMETRY_SEEDS_H

/* clang-format off */
#define SEED_SHA1 "565505d129a019780e351e615a29722aef479380"
#define SEED_SYSMON(system, data) \
	"{" system "\"EventID\":7," data "\"UtcTime\":\"2021-06-12 01:07:15.634\",\"Image\":\"C:\\\\a.exe\",\"ImageLoaded\":\"C:\\\\b.dll\"," \
	"\"Hashes\":\"SHA1=" SEED_SHA1 ",MD5=F3F3D2B0196B9A00E91838888E76B5F6\",\"Signed\":\"true\",\"SignatureStatus\":\"Valid\"}"

static const char *const json_seeds[] = {
	"{\"records\":[{\"category\":\"AdvancedHunting-DeviceProcessEvents\",\"properties\":{\"Timestamp\":\"2024-01-02T03:04:05.6789012Z\","
	"\"FileName\":\"a\\u00e4\\ud83d.exe\",\"SHA1\":\"" SEED_SHA1 "\",\"ProcessId\":7,\"AdditionalFields\":{\"a\":[1,null]},\"MD5\":null}}]}\n"
	"{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ImageLoaded\",\"FileName\":\"b\"}\n",
	"{\"Results\":[{\"Timestamp\":\"2024-01-02\",\"IsSigned\":1,\"IsTrusted\":\"False\",\"Signer\":\"S\",\"_BilledSize\":1.5}]}\n",
	SEED_SYSMON("\"SourceName\":\"Microsoft-Windows-Sysmon\",\"Hostname\":\"h\",", "") "\n\nrubbish\n",
	"{\"@timestamp\":\"2024-01-02T03:04:05Z\",\"winlog\":{\"provider_name\":\"Microsoft-Windows-Sysmon\",\"event_id\":\"1\",\"event_data\":{\"LogonId\":\"0x3\"}},"
	"\"process\":{\"executable\":\"C:\\\\a\",\"hash\":{\"sha1\":\"" SEED_SHA1 "\"}},\"user\":{\"domain\":\"D\",\"name\":\"u\"}}\n",
	"{\"data\":{\"win\":{\"system\":{\"providerName\":\"Microsoft-Windows-Sysmon\",\"eventID\":\"1\",\"systemTime\":\"2024-01-02T02:04:05.6789012Z\"},"
	"\"eventdata\":{\"image\":\"C:\\\\\\\\a\"}}}}\n",
	"{\"ProviderName\":\"Microsoft-Windows-Sysmon\",\"EventID\":6,\"TimeCreated\":\"2024-01-02 04:04:05 +0100\",\"StringInserts\":[\"-\",\"2024-01-02 03:04:05\","
	"\"C:\\\\d\",\"SHA1=AB\",\"true\",\"X\",\"Valid\"]}\n",
	"{\"class_uid\":1007,\"activity_id\":1,\"time\":1704164645678,\"process\":{\"pid\":5,\"file\":{\"name\":\"a\",\"hashes\":[{\"algorithm_id\":2,\"value\":\"" SEED_SHA1 "\"}],"
	"\"signature\":{\"state_id\":3,\"certificate\":{\"subject\":\"O=x, CN=\\\"a, b\\\"\"}}}}}\n",
	"{\"hostIdentifier\":\"h\",\"unixTime\":1704164645,\"action\":\"snapshot\",\"snapshot\":[{\"pid\":\"5\",\"path\":\"/a\"}]}\n",
	"{\"tables\":[{\"columns\":[{\"name\":\"TimeGenerated\"},{\"name\":\"ActionType\"}],\"rows\":[[\"2024-01-02\",\"ProcessCreated\"]]}]}\n",
	"{\"@timestamp\":\"2024-01-02T03:04:05Z\",\"event\":{\"category\":[\"library\"]},\"dll\":{\"path\":\"C:\\\\x\",\"code_signature\":{\"status\":\"errorBadDigest\"}}}\n",
	"<14>Jan  2 03:04:05 h app: [1.5,{\"message\":\"{\\\"Timestamp\\\":\\\"2024-01-02\\\",\\\"ActionType\\\":\\\"FileCreated\\\"}\"}]\n",
};

static const char *const csv_seeds[] = {
	"\xef\xbb\xbfTimestamp,DeviceName,ActionType,ProcessCommandLine,AdditionalFields\r\n"
	"2024-03-13T03:40:13.988Z,d,ProcessCreated,\"a \"\"b\"\",\nc\",\"{\"\"k\"\":1}\"\r\n\"7. M\xc3\xa4rz 2024, 3:40\",x,ImageLoaded,,\r\n",
	"\"TimeGenerated [UTC]\"\tActionType\n\"5/17/2024, 6:41:33.123\xe2\x80\xafPM\"\tProcessCreated\n",
	"Sigcheck v2.91\r\n\r\nPath,Verified,Publisher,SHA1\r\nc:\\a.exe,Signed,Soci\xe9t\xe9," SEED_SHA1 "\r\nc:\\b.exe,n/a,n/a,n/a\r\n",
};

static const char *const xml_seeds[] = {
	"<?xml version=\"1.0\"?><Events>\n<Event xmlns='x'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>7</EventID>"
	"<TimeCreated SystemTime='2024-01-02T03:04:05.678901000Z'/><EventRecordID>9</EventRecordID><Computer>c</Computer></System>\n"
	"<EventData><Data Name='Image'>C:\\a&amp;&#x62;</Data><Data Name='Signed'>failed: Invalid hash</Data><Data>x</Data></EventData></Event>"
	"<Event/>\n</Events>",
	"<Event><System><Provider Name=\"Microsoft-Windows-CAPI2\"/><EventID>81</EventID></System><UserData><WinVerifyTrust a='1'><Result value='80096010'>t</Result>"
	"</WinVerifyTrust></UserData></Event>",
};
/* clang-format on */

#endif
