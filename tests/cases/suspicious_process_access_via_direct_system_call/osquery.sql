-- Suspicious Process Access via Direct System Call
-- platform: windows
-- osquery: 4.0.0 or later
-- schedule: every 300 seconds, differential without removals
-- flags: --disable_events=false --enable_windows_events_publisher=true --enable_windows_events_subscriber=true --windows_event_channels=Microsoft-Windows-Sysmon/Operational
-- needs: Sysmon on the host
SELECT
  e.time,
  nullif(substr(json_extract(e.data, '$.EventData.SourceUser'), length(rtrim(json_extract(e.data, '$.EventData.SourceUser'), replace(json_extract(e.data, '$.EventData.SourceUser'), '\', ''))) + 1), '') AS user_name,
  json_extract(e.data, '$.EventData.SourceProcessId') AS process_pid,
  json_extract(e.data, '$.EventData.SourceImage') AS process_executable,
  json_extract(e.data, '$.EventData.TargetProcessId') AS winlog_event_data_TargetProcessId,
  json_extract(e.data, '$.EventData.TargetImage') AS winlog_event_data_TargetImage,
  json_extract(e.data, '$.EventData.GrantedAccess') AS winlog_event_data_GrantedAccess,
  json_extract(e.data, '$.EventData.CallTrace') AS winlog_event_data_CallTrace
FROM windows_events AS e
WHERE e.eventid = 10
  AND e.source = 'Microsoft-Windows-Sysmon/Operational'
  AND json_extract(e.data, '$.EventData.CallTrace') GLOB '?*'
  AND (
    json_extract(e.data, '$.EventData.CallTrace') LIKE '_:\\WINDOWS\\SYSTEM32\\ntdll.dll%' ESCAPE '\'
    OR json_extract(e.data, '$.EventData.CallTrace') LIKE '_:\\WINDOWS\\SysWOW64\\ntdll.dll%' ESCAPE '\'
    OR json_extract(e.data, '$.EventData.CallTrace') LIKE '_:\\Windows\\System32\\wow64cpu.dll%' ESCAPE '\'
    OR json_extract(e.data, '$.EventData.CallTrace') LIKE '_:\\WINDOWS\\System32\\wow64win.dll%' ESCAPE '\'
    OR json_extract(e.data, '$.EventData.CallTrace') LIKE '_:\\Windows\\System32\\win32u.dll%' ESCAPE '\'
  ) IS NOT TRUE
  AND (
    json_extract(e.data, '$.EventData.TargetImage') LIKE '_:\\Program Files (x86)\\Malwarebytes Anti-Exploit\\mbae-svc.exe' ESCAPE '\'
    OR json_extract(e.data, '$.EventData.TargetImage') LIKE '_:\\Program Files\\Cisco\\AMP\\%\\sfc.exe' ESCAPE '\'
    OR json_extract(e.data, '$.EventData.TargetImage') LIKE '_:\\Program Files (x86)\\Microsoft\\EdgeWebView\\Application\\%\\msedgewebview2.exe' ESCAPE '\'
    OR json_extract(e.data, '$.EventData.TargetImage') LIKE '_:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\%\\AcroCEF.exe' ESCAPE '\'
  ) IS NOT TRUE
  AND (
    (
      json_extract(e.data, '$.EventData.SourceImage') LIKE '_:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\Acrobat.exe' ESCAPE '\'
      OR json_extract(e.data, '$.EventData.SourceImage') LIKE '_:\\Program Files (x86)\\World of Warcraft\\\_classic\_\\WowClassic.exe' ESCAPE '\'
    )
    AND (json_extract(e.data, '$.EventData.TargetImage') LIKE '_:\\WINDOWS\\system32\\lsass.exe' ESCAPE '\') IS NOT TRUE
  ) IS NOT TRUE
ORDER BY e.time, e.eid;
