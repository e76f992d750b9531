"""Whatever is typed at the console is done or refused with a sentence and an exit code: never a traceback."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from lianfang.doors.console import MISUNDERSTOOD, REFUSED, main
from lianfang.ground.acts import ACTS
from tests.cast import HOME

from .conftest import Visited
from .test_doors_refuse_at_the_desk import written
from .test_t12_nobody_sees_anothers_people import ids

NO_ID = "00000000-0000-0000-0000-000000000000"


def said(*words: str) -> int:
    """The exit code of a command; argparse's own included."""
    try:
        return main(words)
    except SystemExit as ended:
        return int(ended.code or 0) if not isinstance(ended.code, str) else 1


NOTE = f"act note.written --as wang --set text=x --set how=door --set where={HOME}.3.2.402."
WRONG = f"""
act nonsense
act nonsense --as wang
act note.written
act note.written --as nobody-here
act note.written --as wang
act note.written --as wang --set text
act note.written --as wang --set text=x --set 'how=by pigeon' --set where=3-2-402
act note.written --as wang --set text=x --set how=door --set where=nowhere
act note.written --as wang --set text=x --set how=door --set where=110198002001.3.3.601.
act note.written --as wang --set text=x --set how=door --set where=\x01
act note.written --as wang\x01 --set text=x
act note.written --as wang --at yesterday
act note.written --as wang --id nonsense
act note.written --as wang --set matter=nonsense
{NOTE} --at 2030-01-01T00:00
{NOTE} --at 1020-01-01T00:00
{NOTE} --set text=\ufffd
{NOTE} --set matter={NO_ID}
act verification.answered --as wang --on {NO_ID} --set answer=yes
act verification.answered --as wang --on nonsense --set answer=no
act verification.answered --as wang --on <question> --set answer=no
act verification.answered --as fang --on <verification> --set answer=no
act verification.answered --as zhou --on <verification> --set answer=no
act verification.answered --as wang --on <verification> --set answer=yes --set resident=nonsense
act order.issued --as zhao --on <resident> --set days=many
act order.issued --as zhao --on <resident> --set days=14 --set first_day=0000-00-00
act question.asked --as li --on <unclear> --set question=x --set view=exempt --set interim=x --set due=0001-01-01
act edition.published --as chen --set document={{}}
act edition.published --as chen --set document=nonsense
act term.set --as chen --set document=[]
act assessment.made --as li --set nights_away=many
act assessment.made --as li --set facts=x --set where=1
act area.registered --as qian --set code=x --set name=y
act building.drawn --as qian --set floors=-1
act building.drawn --as li --set number=3 --set floors=9999999999 --set units=1 --set doors=1
act account.opened --as qian --on {NO_ID} --set name=x --set password=y
act worker.posted --as qian
timeline
timeline 3-2-402
timeline nowhere --as wang
timeline \x01 --as wang
timeline xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx --as wang
timeline 9-9-999 --as wang
timeline ~ --as chen
decide
decide --on 2020-13-45 --where {HOME} --facts -
decide --on 2020-02-26 --where {HOME} --facts /nowhere
import
import /nowhere.xlsx
import <file>
import <file> --yes
check --nonsense
verify --head nonsense
verify --head 110198001001#0
verify --where nowhere
verify --public /nowhere
seal --where \x01
keys fly
keys retire --certainly
fly
\x01
"""
"""Commands as an operator mistypes them; ``<words>`` stand for ids of the first community."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Something that is no workbook."""
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook at all \x00\xff")
    return path


def test_what_is_wrong_is_refused_with_a_sentence(
    visited: Visited, three: str, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 or 2, something said on standard error, nothing written."""
    known, before = ids(visited, HOME) | {"file": str(file)}, written(three)
    for words in WRONG.strip().splitlines():
        given = [known[word[1:-1]] if word[:1] == "<" else word for word in shlex.split(words)]
        code, told = said(*given), capfd.readouterr()
        assert code in (REFUSED, MISUNDERSTOOD), f"{words}: {code}"
        assert told.err.strip(), f"{words}: not a word"
        assert "Traceback" not in told.err + told.out, f"{words}\n{told.err}"
    assert written(three) == before


def test_every_act_refuses_to_be_done_with_nothing(
    visited: Visited, three: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each kind there is, by somebody of each level, with nothing said and with nonsense for every argument."""
    before = written(three)
    for kind in sorted(ACTS):
        names = [name for name in ACTS[kind].parameters if name not in ("by", "at")]
        for who in ("wang", "zhao", "qian"):
            for value in (None, "nonsense", "\ufffd", NO_ID, "-1"):
                given = (
                    [word for name in names for word in ("--set", f"{name}={value}")]
                    if value is not None
                    else []
                )
                code, told = said("act", kind, "--as", who, *given), capfd.readouterr()
                assert code in (REFUSED, MISUNDERSTOOD), f"{kind} by {who} with {value!r}: {code} {told.out}"
                assert told.err.strip(), f"{kind} by {who} with {value!r}: not a word"
                assert "Traceback" not in told.err + told.out
    assert written(three) == before


def test_a_refusal_in_json_is_one_document(
    visited: Visited, three: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """``--json``: the reason, the code and the fields, for a program."""
    assert (
        said("act", "note.written", "--as", "wang", "--set", "text=", "--set", "how=door", "--json")
        == REFUSED
    )
    told = json.loads(capfd.readouterr().out)
    assert told["code"] == 422
    assert "text" in told["fields"]
