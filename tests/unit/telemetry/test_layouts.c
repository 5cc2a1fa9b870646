/* SPDX-License-Identifier: MIT */
/* Each layout by the smallest record of it, and what it must become. */
#include "check.h"
#include "ingest_run.h"

#define SHA1_UPPER "565505D129A019780E351E615A29722AEF479380"
#define SHA1_LOWER "565505d129a019780e351e615a29722aef479380"
#define HASHES     "SHA1=" SHA1_UPPER ",MD5=F3F3D2B0196B9A00E91838888E76B5F6"

struct layout_case {
	const char *name, *text;
	int rows;
	const char *want[6]; /* each must be somewhere in the answer */
};

/* clang-format off */
static const struct layout_case cases[] = {
	{ "flat Sysmon 1",
	  "{\"SourceName\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,\"Hostname\":\"PC1\","
	  "\"UtcTime\":\"2021-06-12 01:07:15.633\",\"Image\":\"C:\\\\W\\\\PING.EXE\","
	  "\"ProcessId\":\"2164\",\"ProcessGuid\":\"{E2C04BB9-08c3}\",\"User\":\"PC1\\\\bob\","
	  "\"Hashes\":\"" HASHES "\",\"Company\":\"-\",\"LogonId\":\"0x3719fb\"}\n",
	  1,
	  { "DeviceProcessEvents Timestamp=2021-06-12T01:07:15.6330000Z DeviceId=pc1 DeviceName=PC1 "
	    "ActionType=ProcessCreated FileName=PING.EXE FolderPath=C:\\W\\PING.EXE SHA1=" SHA1_LOWER
	    " MD5=f3f3d2b0196b9a00e91838888e76b5f6 ProcessId=2164 ",
	    " AccountDomain=PC1 AccountName=bob LogonId=3611131 ",
	    " ProcessUniqueId=e2c04bb9-08c3 HashSource=event RecordSource=sysmon RecordRef=f@0",
	    "done records=1 refused=0" } },
	{ "Sysmon 7 gives a load and a verdict",
	  "{\"SourceName\":\"Microsoft-Windows-Sysmon\",\"EventID\":7,\"Hostname\":\"PC1\","
	  "\"UtcTime\":\"2021-06-12 01:07:15.634\",\"Image\":\"C:\\\\a.exe\",\"ImageLoaded\":\"C:\\\\b.dll\","
	  "\"Hashes\":\"" HASHES "\",\"Signed\":\"true\",\"Signature\":\"Microsoft Windows\","
	  "\"SignatureStatus\":\"Valid\"}",
	  2,
	  { "DeviceImageLoadEvents Timestamp=2021-06-12T01:07:15.6340000Z DeviceId=pc1 DeviceName=PC1 "
	    "ActionType=ImageLoaded FileName=b.dll FolderPath=C:\\b.dll SHA1=" SHA1_LOWER,
	    "InitiatingProcessFileName=a.exe",
	    " IsSigned=1 Signer=Microsoft Windows IsTrusted=1 SignatureState=Valid "
	    "SignatureReason=sysmon-valid SignatureCertainty=sure SignatureSource=sysmon "
	    "SignatureText=Valid SignaturePath=C:\\b.dll" } },
	{ "Sysmon's failed hash is seen though the status is empty",
	  "{\"SourceName\":\"Microsoft-Windows-Sysmon\",\"EventID\":6,\"Hostname\":\"PC1\","
	  "\"UtcTime\":\"2021-06-12 01:07:15.634\",\"ImageLoaded\":\"C:\\\\b.sys\",\"Hashes\":\"" HASHES "\","
	  "\"Signed\":\"failed: Invalid hash\",\"Signature\":\"-\",\"SignatureStatus\":\"-\"}",
	  2,
	  { "SignatureState=Invalid SignatureReason=sysmon-failed-hash",
	    "SignatureText=failed: Invalid hash", "DeviceEvents ", "ActionType=DriverLoad" } },
	{ "an id of another provider is not Sysmon's",
	  "{\"SourceName\":\"Other\",\"EventID\":1,\"Hostname\":\"PC1\",\"UtcTime\":\"2021-06-12 01:07:15\"}",
	  0, { "done records=1 refused=0" } },
	{ "the logger's ProcessID is not the event's ProcessId",
	  "{\"SourceName\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,\"ProcessID\":99,\"Hostname\":\"h\","
	  "\"UtcTime\":\"2021-06-12 01:07:15\",\"Image\":\"a\"}",
	  1, { "FileName=a FolderPath=a ProcessCreationTime", "RecordSource=sysmon" } },
	{ "4688, target nobody: the subject",
	  "{\"SourceName\":\"Microsoft-Windows-Security-Auditing\",\"EventID\":4688,\"Hostname\":\"PC\","
	  "\"TimeCreated\":\"2021-06-11T09:07:17.666Z\",\"SubjectUserSid\":\"S-1-5-21-1\",\"SubjectUserName\":\"bob\","
	  "\"SubjectDomainName\":\"PC\",\"SubjectLogonId\":\"0x10\",\"NewProcessId\":\"0x1948\","
	  "\"NewProcessName\":\"C:\\\\7z.exe\",\"TokenElevationType\":\"%%1936\",\"ProcessId\":\"0x1600\","
	  "\"TargetUserSid\":\"S-1-0-0\",\"TargetUserName\":\"-\",\"TargetLogonId\":\"0x0\",\"MandatoryLabel\":\"S-1-16-12288\"}",
	  1,
	  { "ProcessId=6472 ProcessIntegrityLevel=High ProcessTokenElevation=TokenElevationTypeDefault ",
	    "AccountDomain=PC AccountName=bob AccountSid=S-1-5-21-1 LogonId=16 ", "InitiatingProcessId=5632 " } },
	{ "Winlogbeat 7",
	  "{\"@timestamp\":\"2024-01-02T03:04:05.678Z\",\"host\":{\"name\":\"h\"},\"winlog\":{\"provider_name\":"
	  "\"Microsoft-Windows-Sysmon\",\"event_id\":\"1\",\"computer_name\":\"PC2\",\"record_id\":77,"
	  "\"event_data\":{\"Image\":\"C:\\\\a.exe\",\"UtcTime\":\"2024-01-02 03:04:05.600\"}}}",
	  1, { "Timestamp=2024-01-02T03:04:05.6000000Z DeviceId=pc2 DeviceName=PC2", "ReportId=77" } },
	{ "Winlogbeat 6",
	  "{\"@timestamp\":\"2024-01-02T03:04:05.678Z\",\"source_name\":\"Microsoft-Windows-Sysmon\",\"event_id\":1,"
	  "\"computer_name\":\"PC2\",\"event_data\":{\"Image\":\"C:\\\\a.exe\"}}",
	  1, { "Timestamp=2024-01-02T03:04:05.6780000Z", "FileName=a.exe" } },
	{ "evtx_dump",
	  "{\"Event\":{\"#attributes\":{\"xmlns\":\"x\"},\"System\":{\"Provider\":{\"#attributes\":{\"Name\":"
	  "\"Microsoft-Windows-Sysmon\"}},\"EventID\":{\"#text\":1,\"#attributes\":{\"Qualifiers\":\"\"}},"
	  "\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2024-01-02T03:04:05.678901Z\"}},\"EventRecordID\":5,"
	  "\"Computer\":\"PC3\"},\"EventData\":{\"Image\":\"C:\\\\a.exe\"}}}",
	  1, { "Timestamp=2024-01-02T03:04:05.6789010Z", "DeviceName=PC3", "ReportId=5" } },
	{ "Wazuh",
	  "{\"timestamp\":\"2024-01-02T03:04:05.678+0100\",\"agent\":{\"name\":\"ag\"},\"data\":{\"win\":{\"system\":{"
	  "\"providerName\":\"Microsoft-Windows-Sysmon\",\"eventID\":\"1\",\"computer\":\"PC4\","
	  "\"systemTime\":\"2024-01-02T02:04:05.6789012Z\"},\"eventdata\":{\"image\":\"C:\\\\a.exe\","
	  "\"hashes\":\"" HASHES "\",\"utcTime\":\"2024-01-02 02:04:05.600\"}}}}",
	  1, { "Timestamp=2024-01-02T02:04:05.6000000Z", "SHA1=" SHA1_LOWER, "DeviceName=PC4" } },
	{ "Fluent Bit, names by the manifest",
	  "{\"ProviderName\":\"Microsoft-Windows-Sysmon\",\"EventID\":6,\"Computer\":\"PC5\",\"TimeCreated\":"
	  "\"2024-01-02 04:04:05 +0100\",\"StringInserts\":[\"-\",\"2024-01-02 03:04:05.100\",\"C:\\\\d.sys\",\"" HASHES "\","
	  "\"true\",\"X\",\"Valid\"]}",
	  2, { "FileName=d.sys", "Signer=X", "Timestamp=2024-01-02T03:04:05.1000000Z" } },
	{ "Fluent Bit, values that do not fit the manifest",
	  "{\"ProviderName\":\"Microsoft-Windows-Sysmon\",\"EventID\":6,\"Computer\":\"PC5\",\"TimeCreated\":"
	  "\"2024-01-02 04:04:05 +0100\",\"StringInserts\":[\"-\",\"x\"]}",
	  0, { "refused 1: its values have no names" } },
	{ "Sentinel's WindowsEvent, its data a text",
	  "{\"TimeGenerated\":\"2024-01-02T03:04:05Z\",\"Provider\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,"
	  "\"Computer\":\"PC6\",\"EventData\":\"{\\\"Image\\\":\\\"C:\\\\\\\\a.exe\\\"}\",\"Type\":\"WindowsEvent\"}",
	  1, { "FileName=a.exe", "DeviceName=PC6" } },
	{ "Sentinel's Event, its data XML",
	  "{\"TimeGenerated\":\"2024-01-02T03:04:05Z\",\"Source\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,"
	  "\"Computer\":\"PC7\",\"EventData\":\"<DataItem type=\\\"x\\\"><EventData><Data Name=\\\"Image\\\">C:\\\\a&amp;b.exe</Data>"
	  "</EventData></DataItem>\",\"Type\":\"Event\"}",
	  1, { "FileName=a&b.exe", "DeviceName=PC7" } },
	{ "Sysmon for Linux in syslog",
	  "Jan  2 03:04:05 lx sysmon: <Event><System><Provider Name=\"Linux-Sysmon\" Guid=\"{ff}\"/><EventID>1</EventID>"
	  "<TimeCreated SystemTime=\"2024-01-02T03:04:05.678901000Z\"/><EventRecordID>9</EventRecordID><Computer>lx</Computer>"
	  "</System><EventData><Data Name=\"UtcTime\">2024-01-02 03:04:05.678</Data><Data Name=\"Image\">/bin/ls</Data>"
	  "<Data Name=\"Hashes\">-</Data></EventData></Event>\n",
	  1, { "Timestamp=2024-01-02T03:04:05.6780000Z DeviceId=lx DeviceName=lx", "FileName=ls FolderPath=/bin/ls ProcessCreationTime" } },
	{ "Event Hub envelope",
	  "{\"records\":[{\"time\":\"2024-01-02T03:04:06Z\",\"tenantId\":\"t\",\"category\":\"AdvancedHunting-DeviceProcessEvents\","
	  "\"properties\":{\"Timestamp\":\"2024-01-02T03:04:05.6789012Z\",\"DeviceName\":\"d\",\"FileName\":\"a.exe\",\"SHA1\":\""
	  SHA1_UPPER "\",\"ProcessId\":7,\"AdditionalFields\":{\"a\":1},\"New\":\"x\",\"MD5\":null}},"
	  "{\"category\":\"AdvancedHunting-DeviceNetworkEvents\",\"properties\":{}}]}",
	  1, { "Timestamp=2024-01-02T03:04:05.6789012Z DeviceName=d FileName=a.exe SHA1=" SHA1_LOWER " ProcessId=7 AdditionalFields={\"a\":1} ",
	       "ExtraFields={\"New\":\"x\"}", "RecordSource=mde" } },
	{ "a first line that breaks off costs itself",
	  "{\"a\":1\nnot json\n\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"a.exe\"}\n",
	  1, { "refused 1: its JSON ends early", "refused 2: ", "FileName=a.exe", "done records=3 refused=2" } },
	{ "so does one that breaks off in a text",
	  "{\"a\":\"x\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"a.exe\"}\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"b.exe\"}\n",
	  2, { "refused 1: ", "FileName=a.exe", "FileName=b.exe", "done records=3 refused=1" } },
	{ "and one that is whole and no JSON",
	  "{\"a\":}\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"a.exe\"}\n",
	  1, { "refused 1: ", "FileName=a.exe", "done records=2 refused=1" } },
	{ "a list that breaks off loses the row that does",
	  "[\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"a.exe\"},\n{\"Timestamp\":\"2024\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"b.exe\"},\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"c.exe\"}\n]\n",
	  3, { "FileName=a.exe", "FileName=b.exe", "FileName=c.exe", "refused" } },
	{ "a printed object that is not closed loses itself",
	  "{\n  \"a\": 1\n}\n{\n  \"b\": [1,\n    2\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\","
	  "\"FileName\":\"a.exe\"}\n",
	  1, { "FileName=a.exe", "refused" } },
	{ "an answer of the hunting API, pretty-printed",
	  "{\n \"Stats\": {},\n \"Schema\": [{\"Name\":\"Timestamp\",\"Type\":\"DateTime\"}],\n \"Results\": [\n  {\n"
	  "\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\",\"FileName\":\"a.exe\"},\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:06Z\",\"ActionType\":\"ImageLoaded\",\"FileName\":\"b.dll\"}\n ]\n}\n",
	  2, { "DeviceProcessEvents ", "DeviceImageLoadEvents ", "done records=2 refused=0 \n" } },
	{ "Graph's answer on one line",
	  "{\"@odata.context\":\"x\",\"schema\":[],\"results\":[{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"SHA1\":\"ab\","
	  "\"IsSigned\":1,\"IsTrusted\":\"False\",\"Signer\":\"S\",\"Issuer\":\"S\",\"SignerHash\":\"AB\"}]}",
	  1, { "DeviceFileCertificateInfo ", "IsSigned=1 Signer=S SignerHash=ab Issuer=S IsTrusted=0 SignatureState=Untrusted "
	       "SignatureReason=mde-self-signed SignatureCertainty=likely" } },
	{ "Log Analytics export",
	  "{\"TimeGenerated\":\"2024-01-02T03:04:05.1234567Z\",\"Type\":\"DeviceFileCertificateInfo\",\"TenantId\":\"t\","
	  "\"IsTrusted\":true,\"_BilledSize\":12.5}",
	  1, { "Timestamp=2024-01-02T03:04:05.1234567Z", "TenantId=t Type=DeviceFileCertificateInfo", "SignatureState=Valid" } },
	{ "Elastic Endpoint",
	  "{\"@timestamp\":\"2024-01-02T03:04:05.678Z\",\"event\":{\"category\":[\"process\"],\"type\":[\"start\"],\"sequence\":4},"
	  "\"host\":{\"name\":\"h\",\"id\":\"i\"},\"process\":{\"executable\":\"C:\\\\a.exe\",\"name\":\"a.exe\",\"pid\":5,"
	  "\"hash\":{\"sha1\":\"" SHA1_LOWER "\"},\"code_signature\":{\"exists\":true,\"status\":\"errorBadDigest\","
	  "\"subject_name\":\"S\",\"trusted\":false},\"parent\":{\"pid\":4}}}",
	  2, { "DeviceId=i DeviceName=h ActionType=ProcessCreated FileName=a.exe", "InitiatingProcessId=4 ReportId=4",
	       "IsSigned=1 Signer=S IsTrusted=0 SignatureState=Invalid SignatureReason=ecs-bad-digest" } },
	{ "OCSF process activity",
	  "{\"class_uid\":1007,\"activity_id\":1,\"time\":1704164645678,\"device\":{\"hostname\":\"h\",\"uid\":\"u\"},"
	  "\"process\":{\"pid\":5,\"cmd_line\":\"a -x\",\"file\":{\"name\":\"a.exe\",\"path\":\"C:\\\\a.exe\","
	  "\"hashes\":[{\"algorithm_id\":2,\"value\":\"" SHA1_UPPER "\"}],\"signature\":{\"state_id\":3,"
	  "\"certificate\":{\"subject\":\"S\",\"serial_number\":\"0A:0B\"}}}},\"actor\":{\"process\":{\"pid\":4}}}",
	  2, { "Timestamp=2024-01-02T03:04:05.6780000Z DeviceId=u DeviceName=h", "SHA1=" SHA1_LOWER " ProcessId=5 ProcessCommandLine=a -x",
	       "CertificateSerialNumber=0a0b", "SignatureState=Revoked" } },
	{ "osquery process events",
	  "{\"name\":\"p\",\"hostIdentifier\":\"h\",\"unixTime\":1704164645,\"action\":\"added\",\"columns\":{\"pid\":\"5\","
	  "\"ppid\":\"4\",\"path\":\"C:\\\\a.exe\",\"cmdline\":\"a\",\"username\":\"D\\\\u\"}}",
	  1, { "Timestamp=2024-01-02T03:04:05.0000000Z", "ProcessId=5", "AccountDomain=D AccountName=u", "InitiatingProcessId=4" } },
	{ "osquery authenticode",
	  "{\"name\":\"p\",\"hostIdentifier\":\"h\",\"unixTime\":1704164645,\"action\":\"added\",\"columns\":{\"path\":\"C:\\\\a.exe\","
	  "\"serial_number\":\"0AB\",\"issuer_name\":\"I\",\"subject_name\":\"S\",\"result\":\"distrusted\"}}",
	  1, { "Signer=S Issuer=I CertificateSerialNumber=0ab IsTrusted=0 SignatureState=Untrusted" } },
	{ "Vector's wrapper",
	  "{\"message\":\"{\\\"SourceName\\\":\\\"Microsoft-Windows-Sysmon\\\",\\\"EventID\\\":1,\\\"Hostname\\\":\\\"h\\\","
	  "\\\"UtcTime\\\":\\\"2024-01-02 03:04:05\\\",\\\"Image\\\":\\\"a\\\"}\",\"source_type\":\"file\"}",
	  1, { "FileName=a" } },
	{ "an array of records",
	  "[{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\",\"FileName\":\"a\"},\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:06Z\",\"ActionType\":\"ProcessCreated\",\"FileName\":\"b\"}]",
	  2, { "FileName=a", "FileName=b" } },
	{ "bad lines are named and the rest is read",
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\"}\n{\"a\":\n\nrubbish\n{\"x\":1}\n"
	  "{\"ActionType\":\"ProcessCreated\",\"Timestamp\":\"soon\",\"ProcessIntegrityLevel\":\"\"}\r\n"
	  "{\"Timestamp\":\"2024-01-02T03:04:06Z\",\"ActionType\":\"ProcessCreated\"}\n",
	  2, { "refused 2: ", "refused 4: it is neither JSON nor", "refused 5: no known layout", "refused 6: it has no time",
	       "done records=6 refused=4" } },
	{ "broken UTF-8 is replaced",
	  "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\",\"FileName\":\"a\xff" "b\\ud800\"}",
	  1, { "FileName=a\xef\xbf\xbd" "b\xef\xbf\xbd" } },
	{ "portal CSV, times of which one reading alone is possible",
	  "\xef\xbb\xbf" "Timestamp,DeviceName,ActionType,FileName,ProcessCommandLine,AdditionalFields\r\n"
	  "2024-03-13T03:40:13.988Z,d,ProcessCreated,a.exe,\"a \"\"b\"\",\nc\",\"{\"\"k\"\":1}\"\r\n",
	  1, { "Timestamp=2024-03-13T03:40:13.9880000Z DeviceName=d ActionType=ProcessCreated FileName=a.exe ProcessCommandLine=a \"b\",\nc "
	       "AdditionalFields={\"k\":1}" } },
	{ "portal CSV, local times without a zone are refused",
	  "Timestamp,ActionType,FileName\r\n\"13/03/2024, 3:40:13.988 pm\",ProcessCreated,a\r\n"
	  "\"03/04/2024, 3:40:13 pm\",ProcessCreated,b\r\nsoon,ProcessCreated,c\r\nx,ProcessCreated\r\n",
	  0, { "refused 2: a time of it names no time zone", "refused 3: day and month", "refused 4: a time of it cannot be read",
	       "refused 5: it has not as many cells" } },
	{ "sigcheck",
	  "Path,Verified,Date,Publisher,Company,SHA1\r\nc:\\a.exe,Signed,1:00 PM 1/2/2024,Microsoft Windows,Microsoft," SHA1_UPPER "\r\n"
	  "c:\\b.exe,Unsigned,n/a,n/a,n/a,n/a\r\nc:\\c.exe,The digital signature of the object did not verify.,n/a,Adobe,n/a,n/a\r\n",
	  3, { "SHA1=" SHA1_LOWER " IsSigned=1 Signer=Microsoft Windows IsTrusted=1 SignatureState=Valid",
	       "IsSigned=0 IsTrusted=0 SignatureState=Unsigned", "Signer=Adobe IsTrusted=0 SignatureState=Invalid SignatureReason=sigcheck-bad-digest",
	       "SignaturePath=c:\\b.exe", "\"Company\":\"Microsoft\"" } },
	{ "neither", "\x00\x01\x02", 0, { "done records=0 refused=0 it is of no kind" } },
};
/* clang-format on */

static void check_cases(struct hm_ingester *g, struct run *r)
{
	const struct hm_ingest_request whole = { .mode = HM_INGEST_WHOLE,
						 .table = -1,
						 .file_time = HM_UNIX_0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct layout_case *c = &cases[i];
		hm_bytes text = hm_bytes_of(c->text);
		bool ok = true;

		if (text.len == 0)
			text.len = 3; /* the one case that begins with NUL */
		const char *got = run_text(g, r, text, whole);
		for (size_t w = 0; w < 6 && c->want[w] != NULL; w++)
			if (strstr(got, c->want[w]) == NULL) {
				ok = false;
				printf("# %s: lacks %s\n", c->name, c->want[w]);
			}
		if (!ok || r->rows != c->rows)
			printf("# %d rows\n", r->rows);
		if (!ok)
			printf("# %s\n", got);
		check(ok && r->rows == c->rows, "%s", c->name);
	}
}

/* Every way of cutting a file of lines gives each line once. */
static void check_parts(struct hm_ingester *g, struct run *r)
{
	char text[4096] = "";
	size_t len = 0;
	int wrong = 0;

	for (int i = 0; i < 10; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"{\"Timestamp\":\"2024-01-02T03:04:%02dZ\","
					"\"ActionType\":\"ProcessCreated\"}%s",
					i, i == 9 ? "" : "\n");
	for (size_t cut = 1; cut < len; cut++) {
		struct hm_ingest_request part = { .mode = HM_INGEST_LINES,
						  .table = -1,
						  .end = cut };
		int rows;

		run_text(g, r, (hm_bytes){ (const uint8_t *)text, len }, part);
		rows = r->rows;
		part.begin = cut;
		part.end = UINT64_MAX;
		run_text(g, r, (hm_bytes){ (const uint8_t *)text, len }, part);
		wrong += rows + r->rows != 10;
	}
	check(wrong == 0, "every cut of a file gives each line once");
}

static void check_options(struct hm_ingester *g, struct run *r)
{
	struct hm_ingest_request q = { .mode = HM_INGEST_WHOLE,
				       .table = -1,
				       .zone = 120,
				       .zone_given = true,
				       .month_first = true };
	const char *got = run_text(g, r,
				   hm_bytes_of("Timestamp,ActionType\n\"03/04/2024, 3:40 "
					       "pm\",ProcessCreated\n"),
				   q);

	check(strstr(got, "Timestamp=2024-03-04T13:40:00.0000000Z") != NULL,
	      "--tz and --dates settle a local time");
	q.table = HM_TABLE_LOAD;
	got = run_text(g, r, hm_bytes_of("{\"Timestamp\":\"2024-03-04\",\"SHA1\":\"A\"}"),
		       q);
	check(strstr(got, "DeviceImageLoadEvents Timestamp=2024-03-04T00:00:00.0000000Z "
			  "SHA1=a") != NULL,
	      "--table names the table of bare rows");
}

int main(void)
{
	struct hm_ingester *g = hm_ingester_new();
	struct run r = { .out = hm_buf_of(1 << 24) };

	setvbuf(stdout, NULL, _IOLBF, 0);
	check_cases(g, &r);
	check_parts(g, &r);
	check_options(g, &r);
	hm_buf_done(&r.out);
	hm_ingester_free(g);
	return check_done();
}
