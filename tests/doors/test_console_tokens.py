"""``lianfang token``: issued once shown, listed without its secret, withdrawn by its beginning."""

from __future__ import annotations

import json

import pytest

from lianfang.doors.console import REFUSED, main

from .at_the_api import Caller


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["token", *words]) == code
    shown = capsys.readouterr()
    return shown.out if code == 0 else shown.err


def test_a_worker_issues_sees_and_withdraws_his_own(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "issue", "--as", "wang", "--label", "值班手机", "--days", "30").splitlines()
    token = shown[0]
    assert "只显示一次" in shown[1]
    me = Caller(token).get("/me").said
    assert (me["role"], me["where"]) == ("worker", "110198001001")
    listed = said(capsys, "list", "--as", "wang")
    assert token.split(".")[0] in listed and token.split(".")[1] not in listed
    assert "王秀英" in listed and "值班手机" in listed and "2020-03-27" in listed
    assert said(capsys, "list", "--as", "li") == ""
    assert said(capsys, "withdraw", token.split(".")[0], "--as", "wang").startswith("✓ token.withdrawn")
    assert Caller(token).get("/me").status == 401
    assert said(capsys, "list", "--as", "wang").startswith("✗")


def test_the_administrator_lets_a_system_in_and_out(street: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "issue",
        "--as",
        "qian",
        "--label",
        "市民热线",
        "--system",
        "清和街道疫情防控组",
        "--role",
        "hotline",
        "--json",
    ]
    told = json.loads(said(capsys, *words))
    assert (told["role"], told["where"]) == ("hotline", "110198001")
    assert Caller(told["token"]).get("/me").said["name"] == "清和街道疫情防控组"
    (row,) = json.loads(said(capsys, "list", "--as", "qian", "--json"))
    assert (row["id"], row["holds"], row["label"]) == (told["id"], True, "市民热线")
    assert row["used"] is not None
    said(capsys, "withdraw", told["id"], "--as", "qian")
    assert Caller(told["token"]).get("/me").status == 401


@pytest.mark.parametrize(
    "words",
    [
        ["issue"],
        ["issue", "--as", "nobody", "--label", "-"],
        ["issue", "--as", "wang"],
        ["issue", "--as", "wang", "--label", "-", "--days", "400"],
        ["issue", "--as", "guo", "--label", "-"],
        ["issue", "--as", "wang", "--label", "-", "--system", "清和街道疫情防控组", "--role", "hotline"],
        ["issue", "--as", "qian", "--label", "-", "--system", "无此单位", "--role", "hotline"],
        ["issue", "--as", "qian", "--label", "-", "--system", "清和街道疫情防控组"],
        [
            "issue",
            "--as",
            "qian",
            "--label",
            "-",
            "--system",
            "清和街道疫情防控组",
            "--role",
            "hotline",
            "--where",
            "11",
        ],
        ["withdraw", "--as", "wang"],
        ["withdraw", "lf_nothere", "--as", "wang"],
    ],
    ids=" ".join,
)
def test_what_does_not_fit_is_refused_in_words(
    one_street: str, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert said(capsys, *words, code=REFUSED).startswith("✗ ")
