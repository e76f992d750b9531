"""What is insisted on before anything is served: a database that keeps its word, and one that keeps people apart."""

from django.db import connection

from lianfang.ground import safety
from lianfang.ground.home import CannotStart


def insist_on_a_safe_database() -> None:
    """Raise CannotStart, in both languages, if the application's database is unsafe; says how to mend it."""
    with connection.cursor() as cursor:
        problems = safety.unsafe(cursor)
    connection.close()
    if problems:
        raise CannotStart(
            "数据库不安全，不能启动：\n" + "\n".join(f"  {one.zh}" for one in problems),
            "This database is not safe to start on:\n" + "\n".join(f"  {one.en}" for one in problems),
        )
