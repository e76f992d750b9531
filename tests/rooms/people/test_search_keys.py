"""A person is found by the initials the family uses, by the usual ones, and by pinyin; a door however it is said."""

import re

import pytest

from lianfang.rooms.people.search_keys import Query, door_keys, normalise_query, search_keys

SIXTY = """
宁小松=nxs ningxiaosong|王秀英=wxy wangxiuying|李建华=ljh lijianhua
刘明=lm liuming|郭玉芬=gyf guoyufen|曾国栋=zgd cgd zengguodong
曾可=zk ck zengke|解放=xf jf xiefang|解晓东=xxd jxd xiexiaodong
单雄=sx dx shanxiong|单田=st dt shantian|仇和=qh ch qiuhe
仇小英=qxy cxy qiuxiaoying|查良=zl cl zhaliang|查文斌=zwb cwb zhawenbin
区丽=ol ql ouli|区志强=ozq qzq ouzhiqiang|翟天=zt dt zhaitian
翟晓川=zxc dxc zhaixiaochuan|尉迟敬=ycj yuchijing|尉迟雪梅=ycxm yuchixuemei
万俟雪=mqx moqixue|万俟子轩=mqzx moqizixuan|单于飞=cyf chanyufei
单于明月=cymy chanyumingyue|盖叫天=gjt gejiaotian|朴树=ps piaoshu
朴永信=pyx piaoyongxin|乐小天=yxt lxt yuexiaotian|覃勇=qy ty qinyong
冼星=xx xianxing|逄刚=pg panggang|员俊=yj yunjun
缪杰=mj miaojie|燕青=yq yanqing|召文=sw zw shaowen
谌龙=cl chenlong|种师=cs zs chongshi|黑豹=hb hebao
折可=sk zk sheke|郗鉴=xj xijian|那英=ny naying
晁盖=cg chaogai|应雄=yx yingxiong|隗嚣=wx kx weixiao
訾文=zw ziwen|宓雪=mx mixue|费翔=fx feixiang
么红=yh mh yaohong|粘民=nm zm nianmin|相里=xl xiangli
句践=gj jj goujian|任盈盈=ryy renyingying|华佗=ht huatuo
吕布=lb lvbu|欧阳修=oyx ouyangxiu|长孙无忌=zswj zhangsunwuji
诸葛亮=zgl zhugeliang|买买提·吐尔逊=mmttex maimaitituerxun|Anna Müller=am annamuller
"""
TABLE = [tuple(said.split("=")) for said in re.split(r"[|\n]", SIXTY.strip())]


def test_the_table_has_sixty_names() -> None:
    assert len(TABLE) == 60


@pytest.mark.parametrize(("name", "keys"), TABLE)
def test_sixty_names(name: str, keys: str) -> None:
    assert search_keys(name) == keys


def test_blanks_in_a_name_change_nothing() -> None:
    assert search_keys("解　 放") == search_keys("解放")
    assert search_keys("　") == ""
    assert search_keys("李") == "l li"


def test_a_door_is_found_in_every_way_of_saying_it() -> None:
    keys = door_keys("3", "2", "402").split(" ")
    assert keys == ["3-2-402", "32402", "3-402", "3号楼2单元402", "3号楼402"]
    assert door_keys("A", "", "1203").split(" ") == ["A-1203", "A号楼1203"]
    for said in (
        "3-2-402",
        "32402",
        "3号楼402",
        "3#2-402",
        "３－２－４０２",
        "三号楼二单元402室",
        "3 2 402",
        "3号楼2单元402",
    ):
        query = normalise_query(said)
        assert query.kind == "door"
        assert query.text in keys, said


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("nxs", Query("pinyin", "nxs")),
        ("Ning Xiaosong", Query("pinyin", "ningxiaosong")),
        ("lü bu", Query("pinyin", "lvbu")),
        (" 宁 小松", Query("name", "宁小松")),
        ("1203", Query("phone_tail", "1203", ("id_tail", "door"))),
        ("402", Query("door", "402")),
        ("402室", Query("door", "402")),
        ("3号楼", Query("door", "3")),
        ("199 0001 2345", Query("phone", "19900012345")),
        ("+8619900012345", Query("phone", "19900012345")),
        ("000x", Query("id_tail", "000X")),
        ("11019819850302000x", Query("id", "11019819850302000X")),
        ("", Query("nothing", "")),
        ("？！", Query("nothing", "")),
        ("小", Query("name", "小")),
    ],
)
def test_what_was_meant_by_what_was_typed(typed: str, query: Query) -> None:
    assert normalise_query(typed) == query
