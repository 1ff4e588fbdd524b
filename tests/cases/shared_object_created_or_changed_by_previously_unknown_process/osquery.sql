-- Shared Object Created or Changed by Previously Unknown Process
-- platform: linux
-- osquery: 4.0.0 or later
-- schedule: every 300 seconds, differential without removals (a combination is logged when the run before did not have it)
-- flags: --disable_events=false --disable_audit=false --audit_allow_config=true --audit_allow_fim_events=true
-- needs: auditd stopped, `file_paths` in the configuration
SELECT DISTINCT
  CASE WHEN e.operation IN ('open', 'open+truncate', 'write') THEN nullif(substr(e.path, length(rtrim(e.path, replace(e.path, '/', ''))) + 1), '') WHEN e.operation = 'rename' THEN nullif(substr(e.dest_path, length(rtrim(e.dest_path, replace(e.dest_path, '/', ''))) + 1), '') END AS file_name,
  nullif(substr(e.executable, length(rtrim(e.executable, replace(e.executable, '/', ''))) + 1), '') AS process_name
FROM process_file_events AS e
WHERE (
    e.operation IN ('open', 'open+truncate', 'write')
    AND e.path GLOB '*.so'
    AND (e.path GLOB '/dev/shm/*' OR e.path GLOB '/usr/lib/*')
    AND regex_match(e.executable, '[^/]$', 0) IS NOT NULL
    AND (
      e.executable IN (
        'apk', 'apt-get', 'dnf', 'dnf-automatic', 'dockerd', 'dpkg', 'exe', 'install', 'installer.bin.inst',
        'jlink', 'linux_agent.inst', 'pacman', 'pip', 'podman', 'root', 'rpm', 'snap-update-ns', 'snapd',
        'sshd', 'systemd', 'unattended-upgrade', 'uninstall-bin', 'update-alternatives', 'vmis-launcher',
        'yum'
      )
      OR e.executable GLOB '*/apk'
      OR e.executable GLOB '*/apt-get'
      OR e.executable GLOB '*/dnf'
      OR e.executable GLOB '*/dnf-automatic'
      OR e.executable GLOB '*/dockerd'
      OR e.executable GLOB '*/dpkg'
      OR e.executable GLOB '*/exe'
      OR e.executable GLOB '*/install'
      OR e.executable GLOB '*/installer.bin.inst'
      OR e.executable GLOB '*/jlink'
      OR e.executable GLOB '*/linux_agent.inst'
      OR e.executable GLOB '*/pacman'
      OR e.executable GLOB '*/pip'
      OR e.executable GLOB '*/podman'
      OR e.executable GLOB '*/root'
      OR e.executable GLOB '*/rpm'
      OR e.executable GLOB '*/snap-update-ns'
      OR e.executable GLOB '*/snapd'
      OR e.executable GLOB '*/sshd'
      OR e.executable GLOB '*/systemd'
      OR e.executable GLOB '*/unattended-upgrade'
      OR e.executable GLOB '*/uninstall-bin'
      OR e.executable GLOB '*/update-alternatives'
      OR e.executable GLOB '*/vmis-launcher'
      OR e.executable GLOB '*/yum'
      OR regex_match(e.executable, '^(?:[\s\S]*\/)?pip[^/]*$', 0) IS NOT NULL
      OR regex_match(e.executable, '^(?:[\s\S]*\/)?platform-python[^/]*$', 0) IS NOT NULL
      OR regex_match(e.executable, '^(?:[\s\S]*\/)?python[^/]*$', 0) IS NOT NULL
      OR e.executable IN ('/', '/kaniko/executor', '/usr/bin/buildah')
      OR e.executable GLOB '/dev/fd/*'
      OR (
        (e.executable = 'vmware-install.pl' OR e.executable GLOB '*/vmware-install.pl')
        AND e.path GLOB '/usr/lib/vmware-tools/*'
      )
    ) IS NOT TRUE
  )
  OR (
    e.operation = 'rename'
    AND e.dest_path GLOB '*.so'
    AND (e.dest_path GLOB '/dev/shm/*' OR e.dest_path GLOB '/usr/lib/*')
    AND regex_match(e.executable, '[^/]$', 0) IS NOT NULL
    AND (
      e.executable IN (
        'apk', 'apt-get', 'dnf', 'dnf-automatic', 'dockerd', 'dpkg', 'exe', 'install', 'installer.bin.inst',
        'jlink', 'linux_agent.inst', 'pacman', 'pip', 'podman', 'root', 'rpm', 'snap-update-ns', 'snapd',
        'sshd', 'systemd', 'unattended-upgrade', 'uninstall-bin', 'update-alternatives', 'vmis-launcher',
        'yum'
      )
      OR e.executable GLOB '*/apk'
      OR e.executable GLOB '*/apt-get'
      OR e.executable GLOB '*/dnf'
      OR e.executable GLOB '*/dnf-automatic'
      OR e.executable GLOB '*/dockerd'
      OR e.executable GLOB '*/dpkg'
      OR e.executable GLOB '*/exe'
      OR e.executable GLOB '*/install'
      OR e.executable GLOB '*/installer.bin.inst'
      OR e.executable GLOB '*/jlink'
      OR e.executable GLOB '*/linux_agent.inst'
      OR e.executable GLOB '*/pacman'
      OR e.executable GLOB '*/pip'
      OR e.executable GLOB '*/podman'
      OR e.executable GLOB '*/root'
      OR e.executable GLOB '*/rpm'
      OR e.executable GLOB '*/snap-update-ns'
      OR e.executable GLOB '*/snapd'
      OR e.executable GLOB '*/sshd'
      OR e.executable GLOB '*/systemd'
      OR e.executable GLOB '*/unattended-upgrade'
      OR e.executable GLOB '*/uninstall-bin'
      OR e.executable GLOB '*/update-alternatives'
      OR e.executable GLOB '*/vmis-launcher'
      OR e.executable GLOB '*/yum'
      OR regex_match(e.executable, '^(?:[\s\S]*\/)?pip[^/]*$', 0) IS NOT NULL
      OR regex_match(e.executable, '^(?:[\s\S]*\/)?platform-python[^/]*$', 0) IS NOT NULL
      OR regex_match(e.executable, '^(?:[\s\S]*\/)?python[^/]*$', 0) IS NOT NULL
      OR e.executable IN ('/', '/kaniko/executor', '/usr/bin/buildah')
      OR e.executable GLOB '/dev/fd/*'
      OR (
        (e.executable = 'vmware-install.pl' OR e.executable GLOB '*/vmware-install.pl')
        AND e.dest_path GLOB '/usr/lib/vmware-tools/*'
      )
    ) IS NOT TRUE
  );
