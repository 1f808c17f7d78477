"""Sentences for the bench: invented clauses of dictionary words, Zipfian, with figures and names of their own."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

#: Letters of a clause's pattern -> the parts of speech of jieba's dictionary that fill it.
_CLASSES = {"N": {"n", "nz", "l"}, "V": {"v"}, "W": {"vn"}, "A": {"a", "ad", "an"}, "D": {"d"}, "I": {"i"}, "B": {"b"}}
#: Clauses as officials write them: upper-case Latin letters are words, # a figure, @ a place, & an office or firm, ~ a person.
_PATTERNS = """
VN VWN AVWN DVN NWAV WNDA VNWN WVANN V了NWN 对NWAV AVN和N NN明显V DAVNN 以N为N 把N与N相V 围绕NWV WN、WN 从NV到N VAN的NW NW工作DV
进一步VWN 不断VNWN 切实VNN AVNWN机制 VV#个BN 全年VN#件 共VNN#人次 其中N#个 比上年VV#% VNN#万元 N#项 @VN#处 在@VAN @NWV#户 &负责VNN
与&VWN 由&VNNV 会同&V“NN” V《@NW办法》 印发《NNW方案》 I，VN I，NNV 召开NW会#次 VN#余份 ~等#人V 由~VNN 建成@NN 完成#公里NN NWN达#%
坚持NVN 着力VNWN 认真VNW规定 严格VNNW 对#NDV NVN的#家NN DV#批NN 受理NW#起 NN为V的N 围绕“NN、NN” 组织NN#名VN @、@等地VNN
""".split()
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕彬凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉兰叶璧"
    "璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽"
    "希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思"
)
_PLACE = (
    "安宝北昌长朝城川春大丹德定东峰凤福甘高贡固关广海汉河和恒衡洪湖华淮桓黄惠吉济嘉建江金晋靖九巨康兰乐黎理连良辽林临灵龙隆庐"
    "鲁洛马茂眉梅孟绵明南宁宁盘平蒲祁千青清曲泉饶仁荣瑞三沙山上韶神石寿双顺松苏太泰唐桃天通铜桐万威文武西溪仙咸湘祥孝新信兴宣"
    "延盐阳仪宜义永榆玉沅云枣漳昭镇正枝中舟资遵"
)
_PLACE_ENDS = "镇 乡 村 街道 社区 园区 大道 路 桥 水库 林场 河 湖 工业园 开发区".split()
_TRADES = (
    "水务 建材 电子 食品 物流 医药 环保 机械 纺织 化工 农业 旅游 教育 信息 新能源 置业 商贸 文化 生物 光电".split()
)
_FIRM_ENDS = "有限公司 集团 科技有限公司 股份有限公司 合作社 实业公司 研究院 中心 学校 医院 协会 处 所 站 大队".split()
_SLOT = re.compile(r"[NVWADIB#@&~]")
_BANK = 2_500
#: Officials use fewer words than the newspapers that the dictionary counted (chosen by _bench_shape.py).
_SHARPNESS = 1.2
_OWN_WORDS = {"N": 260, "V": 160, "W": 60, "A": 40, "D": 30, "I": 30, "B": 30}


class Clauses:
    """An endless source of clauses on one topic; the same seed gives the same clauses."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - a repeatable bench, not a secret
        self._own = {
            letter: self._chance.choices(words, cum_weights=weights, k=_OWN_WORDS[letter])
            for letter, (words, weights) in _lexicon().items()
        }
        self._fill: dict[str, Callable[[], str]] = {
            **{letter: self._pool(letter).__next__ for letter in _CLASSES},
            "#": self._figure, "@": self._place, "&": self._office, "~": self._person,
        }  # fmt: skip
        self._patterns = [self._compiled(pattern) for pattern in _PATTERNS]
        self._bank = [self.fresh() for _ in range(_BANK)]

    def restart(self, seed: str) -> None:
        """Go on as if only the clauses of the bank had been made so far, from another seed."""
        self._chance = random.Random(seed)  # noqa: S311
        for letter in _CLASSES:
            self._fill[letter] = self._pool(letter).__next__
        self._patterns = [self._compiled(pattern) for pattern in _PATTERNS]

    def fresh(self) -> str:
        """Return a clause that was probably never written before."""
        return "".join([part if isinstance(part, str) else part() for part in self._chance.choice(self._patterns)])

    def known(self) -> str:
        """Return a clause that others write as well; a few of them very often."""
        return self._bank[int(_BANK * self._chance.random() ** 3)]

    def _compiled(self, pattern: str) -> list[str | Callable[[], str]]:
        parts: list[str | Callable[[], str]] = []
        for piece in re.split(f"({_SLOT.pattern})", pattern):
            if piece:
                parts.append(self._fill[piece] if _SLOT.fullmatch(piece) else piece)
        return parts

    def _pool(self, letter: str) -> Iterator[str]:
        """Yield words of a class: two of three from those of this topic, so that they come back as in real texts."""
        words, weights = _lexicon()[letter]
        own = self._own[letter]
        while True:
            for word in self._chance.choices(words, cum_weights=weights, k=200):
                yield own[int(len(own) * self._chance.random() ** 2)]
                yield word
                yield own[int(len(own) * self._chance.random() ** 2)]

    def _figure(self) -> str:
        value = int(10 ** (self._chance.random() * 4.3))
        return f"{value}.{self._chance.randrange(10)}" if self._chance.random() < 0.2 else str(value)

    def _place(self) -> str:
        return self._stem() + self._chance.choice(_PLACE_ENDS)

    def _office(self) -> str:
        return self._stem() + self._chance.choice(_TRADES) + self._chance.choice(_FIRM_ENDS)

    def _person(self) -> str:
        chance = self._chance
        given = chance.choice(_GIVEN) + (chance.choice(_GIVEN) if chance.random() < 0.7 else "")
        return chance.choice(_SURNAMES) + given

    def _stem(self) -> str:
        return self._chance.choice(_PLACE) + self._chance.choice(_PLACE)


@cache
def _lexicon() -> dict[str, tuple[list[str], list[float]]]:
    """Return for each letter of a pattern its words with their cumulated frequencies, from jieba's dictionary."""
    found: dict[str, dict[str, int]] = {letter: {} for letter in _CLASSES}
    letters = {tag: letter for letter, tags in _CLASSES.items() for tag in tags}
    spec = find_spec("jieba")  # not imported: that takes a second
    assert spec is not None
    assert spec.origin is not None
    for line in (Path(spec.origin).parent / "dict.txt").read_text("utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        letter = letters.get(tag)
        if letter and 2 <= len(word) <= 4 and all("一" <= char <= "鿿" for char in word):
            found[letter][word] = int(frequency)
    return {
        letter: (list(words), list(accumulate(n**_SHARPNESS for n in words.values())))
        for letter, words in found.items()
    }
