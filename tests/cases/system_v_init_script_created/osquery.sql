-- System V Init Script Created
-- platform: linux
-- osquery: 4.0.0 or later
-- schedule: every 300 seconds, differential without removals
-- flags: --disable_events=false --disable_audit=false --audit_allow_config=true --audit_allow_fim_events=true
-- needs: auditd stopped, `file_paths` in the configuration
SELECT
  e.time,
  e.operation,
  e.euid AS user_id,
  user.username AS user_name,
  e.pid AS process_pid,
  e.executable AS process_executable,
  e.ppid AS process_parent_pid,
  parent.path AS process_parent_executable,
  CASE WHEN e.operation IN ('open', 'open+truncate', 'write') THEN e.path WHEN e.operation = 'rename' THEN e.dest_path END AS file_path,
  CASE WHEN e.operation = 'rename' THEN e.path END AS file_Ext_original_path
FROM process_file_events AS e
LEFT JOIN processes AS parent ON parent.pid = e.ppid
LEFT JOIN users AS user ON user.uid = e.euid
WHERE (
    e.operation IN ('open', 'open+truncate', 'write')
    AND e.path LIKE '/etc/init.d/%'
    AND (
      e.executable IN (
        '/bin/dpkg', '/usr/bin/dpkg', '/bin/dpkg-divert', '/usr/bin/dpkg-divert', '/usr/bin/apt', '/bin/rpm',
        '/usr/bin/rpm', '/bin/yum', '/usr/bin/yum', '/bin/dnf', '/usr/bin/dnf', '/bin/dnf-automatic',
        '/usr/bin/dnf-automatic', '/bin/microdnf', '/usr/bin/microdnf', '/bin/pacman', '/usr/bin/pacman',
        '/usr/sbin/pacman', '/bin/pamac-daemon', '/usr/bin/pamac-daemon', '/sbin/apk', '/usr/sbin/apk',
        '/usr/local/sbin/apk', '/bin/snapd', '/usr/bin/snapd', '/usr/lib/snapd/snapd', '/bin/dockerd',
        '/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/local/bin/dockerd', '/bin/podman', '/usr/bin/podman',
        '/bin/puppet', '/usr/bin/puppet', '/opt/puppetlabs/puppet/bin/puppet', '/bin/chef-client',
        '/usr/bin/chef-client', '/bin/autossl_check', '/usr/bin/autossl_check', '/proc/self/exe', '/dev/fd/*'
      )
      OR e.executable GLOB '/nix/store/*'
      OR e.executable GLOB '/var/lib/dpkg/*'
      OR e.executable GLOB '/snap/*'
      OR e.executable GLOB '/dev/fd/*'
      OR e.executable GLOB '/usr/lib/virtualbox/*'
      OR nullif(e.executable, '') IS NULL
      OR e.executable IN ('docker-init', 'jumpcloud-agent', 'crio')
      OR e.executable GLOB '*/docker-init'
      OR e.executable GLOB '*/jumpcloud-agent'
      OR e.executable GLOB '*/crio'
      OR e.path GLOB '*.swp'
      OR e.path GLOB '*.swpx'
      OR e.path GLOB '*.swx'
      OR e.path GLOB '*.dpkg-remove'
      OR e.path GLOB '/etc/init.d/*beat*'
      OR e.path GLOB '/etc/init.d/elastic-agent*'
      OR ((e.executable = 'ln' OR e.executable GLOB '*/ln') AND e.path LIKE '/etc/init.d/rc%.d/%')
      OR (
        (e.executable = 'sed' OR e.executable GLOB '*/sed')
        AND regex_match(lower(e.path), '^(?:[\s\S]*\/)?sed[^/]*$', 0) IS NOT NULL
      )
      OR (
        (e.executable = 'perl' OR e.executable GLOB '*/perl')
        AND regex_match(lower(e.path), '^(?:[\s\S]*\/)?e2scrub_all\.tmp[^/]*$', 0) IS NOT NULL
      )
    ) IS NOT TRUE
  )
  OR (
    e.operation = 'rename'
    AND e.dest_path LIKE '/etc/init.d/%'
    AND (
      e.executable IN (
        '/bin/dpkg', '/usr/bin/dpkg', '/bin/dpkg-divert', '/usr/bin/dpkg-divert', '/usr/bin/apt', '/bin/rpm',
        '/usr/bin/rpm', '/bin/yum', '/usr/bin/yum', '/bin/dnf', '/usr/bin/dnf', '/bin/dnf-automatic',
        '/usr/bin/dnf-automatic', '/bin/microdnf', '/usr/bin/microdnf', '/bin/pacman', '/usr/bin/pacman',
        '/usr/sbin/pacman', '/bin/pamac-daemon', '/usr/bin/pamac-daemon', '/sbin/apk', '/usr/sbin/apk',
        '/usr/local/sbin/apk', '/bin/snapd', '/usr/bin/snapd', '/usr/lib/snapd/snapd', '/bin/dockerd',
        '/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/local/bin/dockerd', '/bin/podman', '/usr/bin/podman',
        '/bin/puppet', '/usr/bin/puppet', '/opt/puppetlabs/puppet/bin/puppet', '/bin/chef-client',
        '/usr/bin/chef-client', '/bin/autossl_check', '/usr/bin/autossl_check', '/proc/self/exe', '/dev/fd/*'
      )
      OR e.executable GLOB '/nix/store/*'
      OR e.executable GLOB '/var/lib/dpkg/*'
      OR e.executable GLOB '/snap/*'
      OR e.executable GLOB '/dev/fd/*'
      OR e.executable GLOB '/usr/lib/virtualbox/*'
      OR nullif(e.executable, '') IS NULL
      OR e.executable IN ('docker-init', 'jumpcloud-agent', 'crio')
      OR e.executable GLOB '*/docker-init'
      OR e.executable GLOB '*/jumpcloud-agent'
      OR e.executable GLOB '*/crio'
      OR e.dest_path GLOB '*.swp'
      OR e.dest_path GLOB '*.swpx'
      OR e.dest_path GLOB '*.swx'
      OR e.dest_path GLOB '*.dpkg-remove'
      OR e.dest_path GLOB '/etc/init.d/*beat*'
      OR e.dest_path GLOB '/etc/init.d/elastic-agent*'
      OR ((e.executable = 'ln' OR e.executable GLOB '*/ln') AND e.dest_path LIKE '/etc/init.d/rc%.d/%')
      OR (
        (e.executable = 'sed' OR e.executable GLOB '*/sed')
        AND regex_match(lower(e.dest_path), '^(?:[\s\S]*\/)?sed[^/]*$', 0) IS NOT NULL
      )
      OR (
        (e.executable = 'perl' OR e.executable GLOB '*/perl')
        AND regex_match(lower(e.dest_path), '^(?:[\s\S]*\/)?e2scrub_all\.tmp[^/]*$', 0) IS NOT NULL
      )
    ) IS NOT TRUE
  )
ORDER BY e.time, e.eid;
