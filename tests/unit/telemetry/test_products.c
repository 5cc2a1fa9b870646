/* SPDX-License-Identifier: MIT */
/* Records as products write them, whole, and every column that they must fill. */
#include "check.h"
#include "ingest_run.h"

#define SHA1   "b6d237154f2e528f0b503b58b025862d66b02b73"
#define SHA256 "4808f1101f4e42387d8ddb7a355668bae3bf6f781c42d3bcd82e23446b1deb3e"
#define MD5    "c7c45610f644906e6f7d664ef2e45b08"

struct product_case {
	const char *name, *text;
	int rows;
	const char *want[8]; /* each must be somewhere in the answer */
};

/* clang-format off */
#define NOTEPAD_PROCESS \
	"\"process\":{\"args\":[\"C:\\\\Windows\\\\system32\\\\notepad.exe\"],\"command_line\":\"notepad \"," \
	"\"entity_id\":\"{9F32B55F-7C4E-5F98-5803-000000000500}\",\"executable\":\"C:\\\\Windows\\\\System32\\\\notepad.exe\"," \
	"\"hash\":{\"sha1\":\"" SHA1 "\"},\"name\":\"notepad.exe\",\"parent\":{\"command_line\":\"C:\\\\Windows\\\\Explorer.EXE\"," \
	"\"entity_id\":\"{9F32B55F-6FDF-5F98-7000-000000000500}\",\"executable\":\"C:\\\\Windows\\\\explorer.exe\"," \
	"\"name\":\"explorer.exe\",\"pid\":4212},\"pe\":{\"company\":\"Microsoft Corporation\",\"original_file_name\":\"NOTEPAD.EXE\"}," \
	"\"pid\":3616}"

static const struct product_case cases[] = {
	{ "Winlogbeat's pipeline for Sysmon 1: values moved to ECS",
	  "{\"@timestamp\":\"2020-10-27T20:00:14.320Z\",\"ecs\":{\"version\":\"8.17.0\"},\"event\":{\"category\":[\"process\"],"
	  "\"code\":\"1\",\"provider\":\"Microsoft-Windows-Sysmon\",\"type\":[\"start\"]},\"host\":{\"name\":\"vagrant\"},"
	  NOTEPAD_PROCESS ",\"user\":{\"domain\":\"VAGRANT\",\"id\":\"S-1-5-18\",\"name\":\"vagrant\"},\"winlog\":{"
	  "\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"computer_name\":\"vagrant\",\"event_data\":{"
	  "\"Company\":\"Microsoft Corporation\",\"Description\":\"Notepad\",\"IntegrityLevel\":\"Medium\",\"LogonId\":\"0x2c9e7\"},"
	  "\"event_id\":\"1\",\"process\":{\"pid\":7144},\"provider_name\":\"Microsoft-Windows-Sysmon\",\"record_id\":\"20\","
	  "\"user\":{\"identifier\":\"S-1-5-18\"}}}",
	  1,
	  { "DeviceProcessEvents Timestamp=2020-10-27T20:00:14.3200000Z DeviceId=vagrant DeviceName=vagrant ActionType=ProcessCreated "
	    "FileName=notepad.exe FolderPath=C:\\Windows\\System32\\notepad.exe SHA1=" SHA1 " ProcessVersionInfoCompanyName=Microsoft Corporation "
	    "ProcessVersionInfoOriginalFileName=NOTEPAD.EXE ProcessVersionInfoFileDescription=Notepad ProcessId=3616 ProcessCommandLine=notepad  "
	    "ProcessIntegrityLevel=Medium ProcessCreationTime=2020-10-27T20:00:14.3200000Z AccountDomain=VAGRANT AccountName=vagrant LogonId=182759 ",
	    "InitiatingProcessFileName=explorer.exe InitiatingProcessId=4212 InitiatingProcessCommandLine=C:\\Windows\\Explorer.EXE "
	    "InitiatingProcessFolderPath=C:\\Windows\\explorer.exe ReportId=20 InitiatingProcessUniqueId=9f32b55f-6fdf-5f98-7000-000000000500 "
	    "ProcessUniqueId=9f32b55f-7c4e-5f98-5803-000000000500 HashSource=event RecordSource=sysmon" } },
	{ "Winlogbeat's pipeline for Sysmon 7",
	  "{\"@timestamp\":\"2020-10-28T02:39:26.374Z\",\"event\":{\"category\":[\"process\"],\"code\":\"7\",\"type\":[\"change\"]},"
	  "\"file\":{\"code_signature\":{\"status\":\"Valid\",\"subject_name\":\"Microsoft Windows\",\"valid\":true},"
	  "\"hash\":{\"md5\":\"" MD5 "\",\"sha1\":\"" SHA1 "\",\"sha256\":\"" SHA256 "\"},\"path\":\"C:\\\\Windows\\\\System32\\\\IDStore.dll\"},"
	  "\"process\":{\"entity_id\":\"{9F32B55F-D9DE-5F98-F006-000000000600}\",\"executable\":\"C:\\\\Windows\\\\System32\\\\dllhost.exe\","
	  "\"pid\":5184},\"user\":{\"id\":\"S-1-5-18\"},\"winlog\":{\"computer_name\":\"vagrant\",\"event_data\":{\"Signature\":\"Microsoft Windows\","
	  "\"SignatureStatus\":\"Valid\",\"Signed\":\"true\"},\"event_id\":\"7\",\"provider_name\":\"Microsoft-Windows-Sysmon\",\"record_id\":\"10685\"}}",
	  2,
	  { "DeviceImageLoadEvents Timestamp=2020-10-28T02:39:26.3740000Z DeviceId=vagrant DeviceName=vagrant ActionType=ImageLoaded "
	    "FileName=IDStore.dll FolderPath=C:\\Windows\\System32\\IDStore.dll SHA1=" SHA1 " SHA256=" SHA256 " MD5=" MD5
	    " InitiatingProcessFileName=dllhost.exe InitiatingProcessId=5184 InitiatingProcessFolderPath=C:\\Windows\\System32\\dllhost.exe ReportId=10685",
	    "DeviceFileCertificateInfo Timestamp=2020-10-28T02:39:26.3740000Z DeviceId=vagrant DeviceName=vagrant SHA1=" SHA1
	    " IsSigned=1 Signer=Microsoft Windows IsTrusted=1 ReportId=10685 SignatureState=Valid" } },
	{ "Elastic Agent for Sysmon 7 with a bad hash: the verdict is where the status goes",
	  "{\"@timestamp\":\"2020-10-28T02:39:26.374Z\",\"dll\":{\"code_signature\":{\"status\":\"failed: Invalid hash\"},"
	  "\"hash\":{\"sha1\":\"" SHA1 "\"},\"path\":\"C:\\\\Windows\\\\System32\\\\IDStore.dll\"},\"event\":{\"category\":[\"process\",\"library\"]},"
	  "\"process\":{\"executable\":\"C:\\\\Windows\\\\System32\\\\dllhost.exe\",\"pid\":5184},\"winlog\":{\"computer_name\":\"vagrant\","
	  "\"event_data\":{\"Company\":\"Microsoft Corporation\"},\"event_id\":\"7\",\"provider_name\":\"Microsoft-Windows-Sysmon\",\"record_id\":\"10685\"}}",
	  2, { "SHA1=" SHA1 " IsTrusted=0 ReportId=10685 SignatureState=Invalid SignatureReason=sysmon-failed-hash" } },
	{ "Winlogbeat's pipeline for 4688",
	  "{\"@timestamp\":\"2019-11-14T17:10:15.1515514Z\",\"event\":{\"category\":[\"process\"],\"type\":[\"start\"]},"
	  "\"process\":{\"command_line\":\"wevtutil cl Security\",\"executable\":\"C:\\\\Windows\\\\System32\\\\wevtutil.exe\",\"pid\":4556,"
	  "\"parent\":{\"executable\":\"C:\\\\Windows\\\\powershell.exe\",\"pid\":4652}},\"winlog\":{\"channel\":\"Security\",\"computer_name\":\"vagrant\","
	  "\"event_data\":{\"MandatoryLabel\":\"S-1-16-12288\",\"ProcessId\":\"0x122c\",\"SubjectDomainName\":\"VAGRANT\",\"SubjectLogonId\":\"0x274a2\","
	  "\"SubjectUserName\":\"vagrant\",\"SubjectUserSid\":\"S-1-5-21-1\",\"TargetDomainName\":\"-\",\"TargetLogonId\":\"0x0\",\"TargetUserName\":\"-\","
	  "\"TargetUserSid\":\"S-1-0-0\",\"TokenElevationType\":\"TokenElevationTypeFull (2)\"},\"event_id\":\"4688\","
	  "\"provider_name\":\"Microsoft-Windows-Security-Auditing\",\"record_id\":\"5010\"}}",
	  1,
	  { "Timestamp=2019-11-14T17:10:15.1515514Z DeviceId=vagrant DeviceName=vagrant ActionType=ProcessCreated FileName=wevtutil.exe "
	    "FolderPath=C:\\Windows\\System32\\wevtutil.exe ProcessId=4556 ProcessCommandLine=wevtutil cl Security ProcessIntegrityLevel=High "
	    "ProcessTokenElevation=TokenElevationTypeFull AccountDomain=VAGRANT AccountName=vagrant AccountSid=S-1-5-21-1 LogonId=160930 ",
	    "InitiatingProcessFileName=powershell.exe InitiatingProcessId=4652 InitiatingProcessFolderPath=C:\\Windows\\powershell.exe ReportId=5010" } },
	{ "Elastic Defend's library event: its own signature, not that of its process",
	  "{\"@timestamp\":\"2024-01-02T03:04:05.678Z\",\"event\":{\"category\":[\"library\"],\"type\":[\"start\"],\"sequence\":9},\"host\":{\"name\":\"h\"},"
	  "\"dll\":{\"name\":\"x.dll\",\"path\":\"C:\\\\x.dll\",\"hash\":{\"sha1\":\"" SHA1 "\"},\"code_signature\":{\"exists\":false}},"
	  "\"process\":{\"executable\":\"C:\\\\a.exe\",\"pid\":5,\"code_signature\":{\"exists\":true,\"trusted\":true,\"status\":\"trusted\",\"subject_name\":\"P\"}}}",
	  2,
	  { "DeviceImageLoadEvents Timestamp=2024-01-02T03:04:05.6780000Z DeviceName=h ActionType=ImageLoaded FileName=x.dll FolderPath=C:\\x.dll",
	    "InitiatingProcessSignatureStatus=Valid",
	    "InitiatingProcessFileName=a.exe", "IsSigned=0 SignatureState=Unsigned SignatureReason=ecs-not-signed" } },
	{ "Filebeat around XML: the wrapper is not counted as something else",
	  "{\"@timestamp\":\"2024-01-02T03:04:05.678Z\",\"ecs\":{\"version\":\"8\"},\"event\":{\"dataset\":\"system.syslog\"},\"message\":"
	  "\"Jan  2 03:04:05 lx sysmon: <Event><System><Provider Name=\\\"Linux-Sysmon\\\"/><EventID>1</EventID><TimeCreated SystemTime=\\\"2024-01-02T03:04:05.678901000Z\\\"/>"
	  "<Computer>lx</Computer></System><EventData><Data Name=\\\"Image\\\">/bin/ls</Data></EventData></Event>\"}",
	  1, { "DeviceName=lx ActionType=ProcessCreated FileName=ls" } },
	{ "Elasticsearch's answer to a search",
	  "{\"took\":1,\"hits\":{\"total\":{\"value\":1},\"hits\":[{\"_index\":\"i\",\"_source\":{\"winlog\":{\"provider_name\":\"Microsoft-Windows-Sysmon\","
	  "\"event_id\":1,\"computer_name\":\"c\",\"event_data\":{\"UtcTime\":\"2024-01-02 03:04:05.678\",\"Image\":\"C:\\\\a.exe\"}},\"@timestamp\":\"2024-01-02T03:04:05.678Z\"}}]}}",
	  1, { "DeviceName=c ActionType=ProcessCreated FileName=a.exe" } },
	{ "Wazuh, backslashes escaped twice",
	  "{\"timestamp\":\"2024-01-02T03:04:05.678+0100\",\"agent\":{\"name\":\"ag\"},\"data\":{\"win\":{\"system\":{\"providerName\":\"Microsoft-Windows-Sysmon\","
	  "\"eventID\":\"1\",\"computer\":\"PC4\",\"eventRecordID\":\"12\",\"systemTime\":\"2024-01-02T02:04:05.6789012Z\"},\"eventdata\":{"
	  "\"utcTime\":\"2024-01-02 02:04:05.600\",\"image\":\"C:\\\\\\\\Windows\\\\\\\\a.exe\",\"user\":\"D\\\\\\\\u\",\"parentImage\":\"C:\\\\\\\\p.exe\"}}}}",
	  1, { "FolderPath=C:\\Windows\\a.exe ", "AccountDomain=D AccountName=u", "InitiatingProcessFolderPath=C:\\p.exe ReportId=12" } },
	{ "Wazuh, a share escaped once",
	  "{\"data\":{\"win\":{\"system\":{\"providerName\":\"Microsoft-Windows-Sysmon\",\"eventID\":\"1\",\"computer\":\"PC4\"},\"eventdata\":{"
	  "\"utcTime\":\"2024-01-02 02:04:05.600\",\"image\":\"\\\\\\\\srv\\\\x\\\\a.exe\"}}}}",
	  1, { "FolderPath=\\\\srv\\x\\a.exe " } },
	{ "Fluent Bit winevtlog: Sysmon's rendered text has the names",
	  "{\"date\":1704164645.1,\"ProviderName\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,\"Computer\":\"PC5\",\"EventRecordID\":3,\"TimeCreated\":"
	  "\"2024-01-02 04:04:05 +0100\",\"Message\":\"Process Create:\\r\\nRuleName: -\\r\\nUtcTime: 2024-01-02 03:04:05.100\\r\\nProcessId: 77\\r\\n"
	  "Image: C:\\\\a.exe\\r\\nUser: D\\\\u\\r\\nHashes: SHA1=" SHA1 "\",\"StringInserts\":[\"x\"]}",
	  1, { "Timestamp=2024-01-02T03:04:05.1000000Z DeviceId=pc5 DeviceName=PC5 ActionType=ProcessCreated FileName=a.exe FolderPath=C:\\a.exe SHA1=" SHA1
	       " ProcessId=77 ", "AccountDomain=D AccountName=u", "ReportId=3" } },
	{ "Fluent Bit: values of an older Sysmon, which has one less elsewhere, are refused",
	  "{\"ProviderName\":\"Microsoft-Windows-Sysmon\",\"EventID\":7,\"Computer\":\"PC5\",\"TimeCreated\":\"2024-01-02 04:04:05 +0100\",\"StringInserts\":["
	  "\"2024-01-02 03:04:05.100\",\"{9F32B55F-7C4E-5F98-5803-000000000500}\",\"5\",\"C:\\\\a.exe\",\"C:\\\\b.dll\",\"1\",\"d\",\"p\",\"c\",\"o\",\"SHA1=" SHA1 "\","
	  "\"true\",\"S\",\"Valid\",\"u\"]}",
	  0, { "its values have no names, and are not those of the event's manifest" } },
	{ "Fluent Bit and fluentd, 4688 by its values, behind a time and a tag",
	  "2024-01-02T03:04:05+00:00\twinevt.raw\t{\"ProviderName\":\"Microsoft-Windows-Security-Auditing\",\"EventID\":\"4688\",\"Computer\":\"PC5\","
	  "\"TimeCreated\":\"2024-01-02T03:04:05.123Z\",\"EventRecordID\":\"8\",\"EventData\":[\"S-1-5-18\",\"PC5$\",\"WG\",\"0x3e7\",\"0x194\",\"C:\\\\Windows\\\\a.exe\","
	  "\"%%1936\",\"0x190\",\"a -x\",\"S-1-0-0\",\"-\",\"-\",\"0x0\",\"C:\\\\Windows\\\\p.exe\",\"S-1-16-16384\"]}",
	  1, { "FolderPath=C:\\Windows\\a.exe ProcessId=404 ProcessCommandLine=a -x ProcessIntegrityLevel=System", "AccountDomain=WG AccountName=PC5$",
	       "InitiatingProcessFolderPath=C:\\Windows\\p.exe ReportId=8" } },
	{ "Fluent Bit's pair of time and record",
	  "[1704164645.1,{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":\"ProcessCreated\",\"FileName\":\"a\"}]\n"
	  "[[1704164645.1,{}],{\"Timestamp\":\"2024-01-02T03:04:06Z\",\"ActionType\":\"ProcessCreated\",\"FileName\":\"b\"}]\n",
	  2, { "FileName=a", "FileName=b" } },
	{ "Vector's windows_event_log",
	  "{\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"computer\":\"PC8\",\"event_data\":{\"UtcTime\":\"2024-01-02 03:04:05.678\","
	  "\"Image\":\"C:\\\\a.exe\",\"ProcessId\":\"5\"},\"event_id\":1,\"host\":\"PC8\",\"level\":\"Information\",\"message\":\"Process Create\","
	  "\"process_id\":99,\"provider_name\":\"Microsoft-Windows-Sysmon\",\"record_id\":6,\"timestamp\":\"2024-01-02T03:04:05.7Z\"}",
	  1, { "Timestamp=2024-01-02T03:04:05.6780000Z DeviceId=pc8 DeviceName=PC8", "ProcessId=5 ", "ReportId=6" } },
	{ "evtx_dump with attributes apart",
	  "{\"Event\":{\"System\":{\"Provider_attributes\":{\"Name\":\"Microsoft-Windows-Sysmon\"},\"EventID\":1,\"TimeCreated_attributes\":"
	  "{\"SystemTime\":\"2024-01-02T03:04:05.678901Z\"},\"Computer\":\"PC3\"},\"EventData\":{\"Image\":\"C:\\\\a.exe\"}}}",
	  1, { "Timestamp=2024-01-02T03:04:05.6789010Z", "DeviceName=PC3" } },
	{ "Sentinel's SecurityEvent",
	  "{\"TimeGenerated\":\"2024-01-02T03:04:05.1234567Z\",\"TimeCollected\":\"2024-01-02T03:05:05Z\",\"EventSourceName\":\"Microsoft-Windows-Security-Auditing\","
	  "\"EventID\":4688,\"Computer\":\"PC9\",\"Account\":\"D\\\\u\",\"NewProcessId\":\"0x10\",\"NewProcessName\":\"C:\\\\a.exe\",\"Process\":\"a.exe\","
	  "\"ProcessId\":\"0x20\",\"CommandLine\":\"a\",\"SubjectUserName\":\"u\",\"SubjectDomainName\":\"D\",\"Type\":\"SecurityEvent\"}",
	  1, { "Timestamp=2024-01-02T03:04:05.1234567Z", "ProcessId=16 ProcessCommandLine=a", "AccountName=u", "InitiatingProcessId=32" } },
	{ "Log Analytics' query API: tables of columns and rows",
	  "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":[{\"name\":\"TimeGenerated\",\"type\":\"datetime\"},{\"name\":\"ActionType\",\"type\":\"string\"},"
	  "{\"name\":\"FileName\",\"type\":\"string\"},{\"name\":\"ProcessId\",\"type\":\"long\"}],\"rows\":[[\"2024-01-02T03:04:05Z\",\"ProcessCreated\",\"a.exe\",7],"
	  "[\"2024-01-02T03:04:06Z\",\"ProcessCreated\",\"b.exe\",null]]}]}",
	  2, { "Timestamp=2024-01-02T03:04:05.0000000Z ActionType=ProcessCreated FileName=a.exe ProcessId=7", "FileName=b.exe" } },
	{ "Splunk's export around XML",
	  "{\"preview\":false,\"result\":{\"_raw\":\"<Event xmlns='x'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated SystemTime='2024-01-02T03:04:05.678901000Z'/>"
	  "<Computer>sp</Computer></System><EventData><Data Name='Image'>C:\\\\a.exe</Data></EventData></Event>\"}}",
	  1, { "DeviceName=sp ActionType=ProcessCreated FileName=a.exe" } },
	{ "JSON behind the head of syslog",
	  "<14>1 2024-01-02T03:04:05Z h app 1 - - {\"SourceName\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,\"Hostname\":\"h\",\"UtcTime\":\"2024-01-02 03:04:05\",\"Image\":\"C:\\\\a\"}",
	  1, { "FileName=a" } },
	{ "osquery: the stop of a process is no start",
	  "{\"name\":\"p\",\"hostIdentifier\":\"h\",\"unixTime\":1704164645,\"action\":\"added\",\"columns\":{\"type\":\"ProcessStop\",\"pid\":\"5\",\"path\":\"C:\\\\a.exe\",\"cmdline\":\"\"}}\n"
	  "{\"name\":\"p\",\"hostIdentifier\":\"h\",\"unixTime\":1704164645,\"action\":\"added\",\"columns\":{\"type\":\"ProcessStart\",\"pid\":\"6\",\"ppid\":\"4\",\"path\":\"C:\\\\b.exe\","
	  "\"cmdline\":\"b\",\"username\":\"NT AUTHORITY\\\\SYSTEM\",\"mandatory_label\":\"S-1-16-16384\",\"token_elevation_type\":\"TokenElevationTypeDefault\",\"datetime\":\"2024-01-02T03:04:05Z\","
	  "\"process_sequence_number\":\"18\",\"parent_process_sequence_number\":\"17\",\"eid\":\"3\"}}",
	  1, { "Timestamp=2024-01-02T03:04:05.0000000Z DeviceId=h DeviceName=h ActionType=ProcessCreated FileName=b.exe FolderPath=C:\\b.exe ProcessId=6 "
	       "ProcessCommandLine=b ProcessIntegrityLevel=System ProcessTokenElevation=TokenElevationTypeDefault AccountDomain=NT AUTHORITY AccountName=SYSTEM",
	       "InitiatingProcessId=4 ReportId=3 InitiatingProcessUniqueId=17 ProcessUniqueId=18" } },
	{ "osquery: a snapshot, and a batch of differences",
	  "{\"name\":\"p\",\"hostIdentifier\":\"h\",\"unixTime\":1704164645,\"action\":\"snapshot\",\"snapshot\":[{\"pid\":\"5\",\"path\":\"/bin/a\"},{\"pid\":\"6\",\"path\":\"/bin/b\",\"parent\":\"5\"}]}\n"
	  "{\"name\":\"p\",\"hostIdentifier\":\"h\",\"unixTime\":\"1704164645\",\"diffResults\":{\"added\":[{\"pid\":\"7\",\"path\":\"/bin/c\"}],\"removed\":[{\"pid\":\"8\",\"path\":\"/bin/d\"}]}}",
	  3, { "FileName=a FolderPath=/bin/a ProcessId=5", "FileName=b", "InitiatingProcessId=5", "FileName=c" } },
	{ "OCSF: hashes by name, the signer's common name and thumbprint",
	  "{\"class_uid\":1007,\"activity_id\":1,\"time\":1704164645678,\"device\":{\"hostname\":\"h\"},\"process\":{\"pid\":5,\"name\":\"a.exe\",\"file\":{\"name\":\"a.exe\","
	  "\"hashes\":[{\"algorithm\":\"SHA-1\",\"value\":\"" SHA1 "\"},{\"algorithm\":\"SHA-256\",\"algorithm_id\":3,\"value\":\"" SHA256 "\"}],\"signature\":{\"state_id\":1,"
	  "\"certificate\":{\"subject\":\"C=US, O=\\\"Big, Inc\\\", CN=\\\"Big, Inc\\\"\",\"issuer\":\"CN=Root\\\\, One,O=R\",\"fingerprints\":[{\"algorithm_id\":3,\"value\":\"" SHA256 "\"},"
	  "{\"algorithm_id\":2,\"value\":\"" SHA1 "\"}]}}}}}",
	  2, { "FileName=a.exe SHA1=" SHA1 " SHA256=" SHA256 " ProcessId=5", "Signer=Big, Inc SignerHash=" SHA1 " Issuer=Root, One IsTrusted=1 SignatureState=Valid" } },
	{ "OCSF module activity, and the end of a process, which is none",
	  "{\"class_uid\":1005,\"activity_id\":1,\"time\":1704164645678,\"device\":{\"hostname\":\"h\"},\"module\":{\"file\":{\"name\":\"b.dll\",\"path\":\"C:\\\\b.dll\","
	  "\"hashes\":[{\"algorithm_id\":2,\"value\":\"" SHA1 "\"}],\"signature\":{\"state_id\":9}}},\"actor\":{\"process\":{\"pid\":4,\"file\":{\"name\":\"a.exe\"}},\"user\":{\"name\":\"u\"}}}\n"
	  "{\"class_uid\":1007,\"activity_id\":2,\"time\":1704164645678,\"device\":{\"hostname\":\"h\"},\"process\":{\"pid\":5}}",
	  2, { "DeviceImageLoadEvents Timestamp=2024-01-02T03:04:05.6780000Z DeviceName=h ActionType=ImageLoaded FileName=b.dll FolderPath=C:\\b.dll SHA1=" SHA1,
	       "InitiatingProcessAccountName=u InitiatingProcessFileName=a.exe InitiatingProcessId=4", "SignatureState=Invalid SignatureReason=ocsf-bad" } },
	{ "storage blobs: a record a line, CRLF",
	  "{\"time\":\"2024-01-02T03:04:06Z\",\"tenantId\":\"t\",\"operationName\":\"Publish\",\"category\":\"AdvancedHunting-DeviceFileCertificateInfo\",\"_TimeReceivedBySvc\":\"x\","
	  "\"properties\":{\"Timestamp\":\"2022-11-07T03:04:05.6789012Z\",\"DeviceName\":\"d\",\"SHA1\":\"" SHA1 "\",\"IsSigned\":true,\"Signer\":\"Microsoft Windows\",\"Issuer\":\"Microsoft Windows Production PCA 2011\","
	  "\"CertificateExpirationTime\":\"2022-09-01T18:23:41Z\",\"CertificateCountersignatureTime\":\"2022-05-25T15:28:57.628Z\",\"IsTrusted\":true,\"IsRootSignerMicrosoft\":true,"
	  "\"CrlDistributionPointUrls\":\"[]\",\"ReportId\":5,\"MachineGroup\":null}},\r\n",
	  0, { "text follows the JSON value" } },
	{ "storage blobs",
	  "{\"time\":\"2024-01-02T03:04:06Z\",\"tenantId\":\"t\",\"operationName\":\"Publish\",\"category\":\"AdvancedHunting-DeviceFileCertificateInfo\",\"_TimeReceivedBySvc\":\"x\","
	  "\"properties\":{\"Timestamp\":\"2022-11-07T03:04:05.6789012Z\",\"DeviceName\":\"d\",\"SHA1\":\"" SHA1 "\",\"IsSigned\":true,\"Signer\":\"Microsoft Windows\",\"Issuer\":\"Microsoft Windows Production PCA 2011\","
	  "\"CertificateExpirationTime\":\"2022-09-01T18:23:41Z\",\"CertificateCountersignatureTime\":\"2022-05-25T15:28:57.628Z\",\"IsTrusted\":true,\"IsRootSignerMicrosoft\":true,"
	  "\"CrlDistributionPointUrls\":\"[]\",\"ReportId\":5,\"MachineGroup\":null}}\r\n",
	  1, { "Timestamp=2022-11-07T03:04:05.6789012Z DeviceName=d SHA1=" SHA1 " IsSigned=1 Signer=Microsoft Windows Issuer=Microsoft Windows Production PCA 2011 CrlDistributionPointUrls=[] "
	       "CertificateExpirationTime=2022-09-01T18:23:41.0000000Z CertificateCountersignatureTime=2022-05-25T15:28:57.6280000Z IsTrusted=1 IsRootSignerMicrosoft=1 ReportId=5 "
	       "SignatureState=Valid SignatureReason=mde-trusted SignatureCertainty=sure" } },
	{ "Log Analytics' CSV: the head names the zone",
	  "\"TimeGenerated [UTC]\",ActionType,FileName\r\n\"5/17/2024, 6:41:33.123 PM\",ProcessCreated,a.exe\r\n",
	  1, { "Timestamp=2024-05-17T18:41:33.1230000Z ActionType=ProcessCreated FileName=a.exe" } },
	{ "sigcheck with its banner, tabs and code page 1252",
	  "\r\nSigcheck v2.91 - File version and signature viewer\r\nCopyright (C) 2004-2026 Mark Russinovich\r\nSysinternals - www.sysinternals.com\r\n\r\n"
	  "\"Path\"\t\"Verified\"\t\"Date\"\t\"Publisher\"\t\"Company\"\t\"PESHA256\"\r\n\"c:\\a.exe\"\t\"A certificate was explicitly revoked by its issuer.\"\t\"n/a\"\t\"Soci\xe9t\xe9\"\t\"n/a\"\t\"" SHA256 "\"\r\n",
	  1, { "Signer=Soci\xc3\xa9t\xc3\xa9 IsTrusted=0 SignatureState=Revoked", "SignaturePath=c:\\a.exe SignatureDigest=" SHA256 " RecordSource=sigcheck" } },
};
/* clang-format on */

int main(void)
{
	const struct hm_ingest_request whole = { .mode = HM_INGEST_WHOLE,
						 .table = -1,
						 .file_time = HM_UNIX_0 };
	struct hm_ingester *g = hm_ingester_new();
	struct run r = { .out = hm_buf_of(1 << 24) };

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct product_case *c = &cases[i];
		const char *got = run_text(g, &r, hm_bytes_of(c->text), whole);
		bool ok = r.rows == c->rows;

		for (size_t w = 0; w < 8 && c->want[w] != NULL; w++)
			if (strstr(got, c->want[w]) == NULL) {
				ok = false;
				printf("# lacks %s\n", c->want[w]);
			}
		if (!ok)
			printf("# %d rows: %s\n", r.rows, got);
		check(ok, "%s", c->name);
	}
	hm_buf_done(&r.out);
	hm_ingester_free(g);
	return check_done();
}
