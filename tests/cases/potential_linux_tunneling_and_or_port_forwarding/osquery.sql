-- Potential Linux Tunneling and/or Port Forwarding
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
    (
      (e.path = 'gost' OR e.path GLOB '*/gost')
      AND (
        e.cmdline LIKE '-L%'
        OR e.cmdline LIKE '% -L%'
        OR e.cmdline LIKE '-C%'
        OR e.cmdline LIKE '% -C%'
        OR e.cmdline LIKE '-R%'
        OR e.cmdline LIKE '% -R%'
      )
    )
    OR e.path = 'pivotnacci'
    OR e.path GLOB '*/pivotnacci'
    OR (
      (
        (
          (e.path IN ('ssh', 'sshd') OR e.path GLOB '*/ssh' OR e.path GLOB '*/sshd')
          AND (
            e.cmdline IN ('-R', '-L', '-D', '-w')
            OR e.cmdline GLOB '-R *'
            OR e.cmdline GLOB '* -R'
            OR e.cmdline GLOB '* -R *'
            OR e.cmdline GLOB '-L *'
            OR e.cmdline GLOB '* -L'
            OR e.cmdline GLOB '* -L *'
            OR e.cmdline GLOB '-D *'
            OR e.cmdline GLOB '* -D'
            OR e.cmdline GLOB '* -D *'
            OR e.cmdline GLOB '-w *'
            OR e.cmdline GLOB '* -w'
            OR e.cmdline GLOB '* -w *'
          )
          AND (
            e.cmdline COLLATE NOCASE = 'chmod'
            OR e.cmdline LIKE 'chmod %'
            OR e.cmdline LIKE '% chmod'
            OR e.cmdline LIKE '% chmod %'
          ) IS NOT TRUE
        )
        OR (
          (e.path = 'sshuttle' OR e.path GLOB '*/sshuttle')
          AND (
            e.cmdline IN ('-r', '--remote', '-l', '--listen')
            OR e.cmdline GLOB '-r *'
            OR e.cmdline GLOB '* -r'
            OR e.cmdline GLOB '* -r *'
            OR e.cmdline GLOB '--remote *'
            OR e.cmdline GLOB '* --remote'
            OR e.cmdline GLOB '* --remote *'
            OR e.cmdline GLOB '-l *'
            OR e.cmdline GLOB '* -l'
            OR e.cmdline GLOB '* -l *'
            OR e.cmdline GLOB '--listen *'
            OR e.cmdline GLOB '* --listen'
            OR e.cmdline GLOB '* --listen *'
          )
        )
        OR (
          (e.path = 'socat' OR e.path GLOB '*/socat')
          AND (
            e.cmdline LIKE 'TCP4-LISTEN:%'
            OR e.cmdline LIKE '% TCP4-LISTEN:%'
            OR e.cmdline LIKE 'SOCKS%'
            OR e.cmdline LIKE '% SOCKS%'
          )
        )
        OR (
          regex_match(lower(e.path), '^(?:[\s\S]*\/)?chisel[^/]*$', 0) IS NOT NULL
          AND (
            e.cmdline IN ('client', 'server')
            OR e.cmdline GLOB 'client *'
            OR e.cmdline GLOB '* client'
            OR e.cmdline GLOB '* client *'
            OR e.cmdline GLOB 'server *'
            OR e.cmdline GLOB '* server'
            OR e.cmdline GLOB '* server *'
          )
        )
        OR e.path IN (
          'iodine', 'iodined', 'dnscat', 'hans', 'hans-ubuntu', 'ptunnel-ng', 'ssf', '3proxy', 'ngrok'
        )
        OR e.path GLOB '*/iodine'
        OR e.path GLOB '*/iodined'
        OR e.path GLOB '*/dnscat'
        OR e.path GLOB '*/hans'
        OR e.path GLOB '*/hans-ubuntu'
        OR e.path GLOB '*/ptunnel-ng'
        OR e.path GLOB '*/ssf'
        OR e.path GLOB '*/3proxy'
        OR e.path GLOB '*/ngrok'
      )
      AND (
        parent.path IN ('bash', 'dash', 'ash', 'sh', 'tcsh', 'csh', 'zsh', 'ksh', 'fish')
        OR parent.path GLOB '*/bash'
        OR parent.path GLOB '*/dash'
        OR parent.path GLOB '*/ash'
        OR parent.path GLOB '*/sh'
        OR parent.path GLOB '*/tcsh'
        OR parent.path GLOB '*/csh'
        OR parent.path GLOB '*/zsh'
        OR parent.path GLOB '*/ksh'
        OR parent.path GLOB '*/fish'
      )
    )
  )
ORDER BY e.time, e.eid;
