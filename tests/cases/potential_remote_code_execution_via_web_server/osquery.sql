-- Potential Remote Code Execution via Web Server
-- platform: linux
-- osquery: 4.0.1 or later
-- schedule: every 300 seconds, differential without removals
-- flags: --disable_events=false --disable_audit=false --audit_allow_config=true --audit_allow_process_events=true
-- needs: auditd stopped
SELECT
  e.time,
  CAST(e.euid AS TEXT) AS user_id,
  user.username AS user_name,
  e.pid AS process_pid,
  e.path AS process_executable,
  e.cmdline AS process_command_line,
  e.cwd AS process_working_directory,
  e.parent AS process_parent_pid,
  parent.path AS process_parent_executable,
  parent.cmdline AS process_parent_command_line
FROM process_events AS e
LEFT JOIN processes AS parent ON parent.pid = e.parent
LEFT JOIN users AS user ON user.uid = e.euid
WHERE e.syscall IN ('execve', 'execveat')
  AND (
    parent.path COLLATE NOCASE IN (
      '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/sbin/apache', '/usr/local/sbin/apache',
      '/usr/sbin/apache2', '/usr/local/sbin/apache2', '/usr/sbin/lighttpd', '/usr/local/sbin/lighttpd',
      '/usr/sbin/hiawatha', '/usr/local/sbin/hiawatha', '/usr/local/bin/caddy',
      '/usr/local/lsws/bin/lswsctrl'
    )
    OR parent.path LIKE '/usr/sbin/php%'
    OR parent.path LIKE '/usr/local/sbin/php%'
    OR parent.path LIKE '%/bin/catalina.sh'
  )
  AND (
    e.path COLLATE NOCASE IN (
      'bash', 'dash', 'sh', 'tcsh', 'csh', 'zsh', 'ksh', 'fish', 'perl', 'ruby', 'awk', 'openssl', 'nc',
      'netcat', 'ncat', 'telnet', 'socat'
    )
    OR e.path LIKE '%/bash'
    OR e.path LIKE '%/dash'
    OR e.path LIKE '%/sh'
    OR e.path LIKE '%/tcsh'
    OR e.path LIKE '%/csh'
    OR e.path LIKE '%/zsh'
    OR e.path LIKE '%/ksh'
    OR e.path LIKE '%/fish'
    OR regex_match(lower(e.path), '^(?:[\s\S]*\/)?python[^/]*$', 0) IS NOT NULL
    OR regex_match(lower(e.path), '^(?:[\s\S]*\/)?php[^/]*$', 0) IS NOT NULL
    OR e.path LIKE '%/perl'
    OR e.path LIKE '%/ruby'
    OR regex_match(lower(e.path), '^(?:[\s\S]*\/)?lua[^/]*$', 0) IS NOT NULL
    OR e.path LIKE '%/awk'
    OR e.path LIKE '%/openssl'
    OR e.path LIKE '%/nc'
    OR e.path LIKE '%/netcat'
    OR e.path LIKE '%/ncat'
    OR e.path LIKE '%/telnet'
    OR e.path LIKE '%/socat'
  )
  AND (
    e.cmdline COLLATE NOCASE IN (
      'whoami', 'id', 'uname', 'hostname', 'ip', 'pwd', 'ls', 'cd', 'cat', 'curl', 'wget', 'perl', 'ruby',
      'awk', 'openssl', 'nc', 'netcat', 'ncat', 'telnet', 'socat'
    )
    OR e.cmdline LIKE 'whoami %'
    OR e.cmdline LIKE '% whoami'
    OR e.cmdline LIKE '% whoami %'
    OR e.cmdline LIKE 'id %'
    OR e.cmdline LIKE '% id'
    OR e.cmdline LIKE '% id %'
    OR e.cmdline LIKE 'uname %'
    OR e.cmdline LIKE '% uname'
    OR e.cmdline LIKE '% uname %'
    OR e.cmdline LIKE 'hostname %'
    OR e.cmdline LIKE '% hostname'
    OR e.cmdline LIKE '% hostname %'
    OR e.cmdline LIKE 'ip %'
    OR e.cmdline LIKE '% ip'
    OR e.cmdline LIKE '% ip %'
    OR e.cmdline LIKE 'pwd %'
    OR e.cmdline LIKE '% pwd'
    OR e.cmdline LIKE '% pwd %'
    OR e.cmdline LIKE 'ls %'
    OR e.cmdline LIKE '% ls'
    OR e.cmdline LIKE '% ls %'
    OR e.cmdline LIKE 'cd %'
    OR e.cmdline LIKE '% cd'
    OR e.cmdline LIKE '% cd %'
    OR e.cmdline LIKE 'cat %'
    OR e.cmdline LIKE '% cat'
    OR e.cmdline LIKE '% cat %'
    OR e.cmdline LIKE 'curl %'
    OR e.cmdline LIKE '% curl'
    OR e.cmdline LIKE '% curl %'
    OR e.cmdline LIKE 'wget %'
    OR e.cmdline LIKE '% wget'
    OR e.cmdline LIKE '% wget %'
    OR e.cmdline LIKE 'python%'
    OR e.cmdline LIKE '% python%'
    OR e.cmdline LIKE 'php%'
    OR e.cmdline LIKE '% php%'
    OR e.cmdline LIKE 'perl %'
    OR e.cmdline LIKE '% perl'
    OR e.cmdline LIKE '% perl %'
    OR e.cmdline LIKE 'ruby %'
    OR e.cmdline LIKE '% ruby'
    OR e.cmdline LIKE '% ruby %'
    OR e.cmdline LIKE 'lua%'
    OR e.cmdline LIKE '% lua%'
    OR e.cmdline LIKE 'awk %'
    OR e.cmdline LIKE '% awk'
    OR e.cmdline LIKE '% awk %'
    OR e.cmdline LIKE 'openssl %'
    OR e.cmdline LIKE '% openssl'
    OR e.cmdline LIKE '% openssl %'
    OR e.cmdline LIKE 'nc %'
    OR e.cmdline LIKE '% nc'
    OR e.cmdline LIKE '% nc %'
    OR e.cmdline LIKE 'netcat %'
    OR e.cmdline LIKE '% netcat'
    OR e.cmdline LIKE '% netcat %'
    OR e.cmdline LIKE 'ncat %'
    OR e.cmdline LIKE '% ncat'
    OR e.cmdline LIKE '% ncat %'
    OR e.cmdline LIKE 'telnet %'
    OR e.cmdline LIKE '% telnet'
    OR e.cmdline LIKE '% telnet %'
    OR e.cmdline LIKE 'socat %'
    OR e.cmdline LIKE '% socat'
    OR e.cmdline LIKE '% socat %'
  )
  AND (e.path = 'phpquery' OR e.path GLOB '*/phpquery') IS NOT TRUE
ORDER BY e.time, e.eid;
