"""Departments: one name for the same office across regions and reorganisations. Pure.

Old names map to today's: the reorganisation of 2018 (and 2023 for data), as in the institutional reform plans
of the State Council.
"""

from __future__ import annotations

import re
from typing import Final

from corpus.agencies import department_named
from corpus.folding import fold

_DEPARTMENTS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("人力资源和社会保障", r"人力资源|人社(?:局|厅|部)|劳动和社会保障|劳动保障|人事局|人事厅"),
        ("生态环境", r"生态环境|环境保护|环保"),
        ("卫生健康", r"卫生|卫健"),
        ("医疗保障", r"医疗保障|医保"),
        ("教育", r"教育|教体"),
        ("财政", r"财政"),
        ("公安", r"公安"),
        ("民政", r"(?<!人)民政"),
        ("司法", r"司法|法制办"),
        ("自然资源", r"自然资源|国土|规划局"),
        ("住房和城乡建设", r"住房|城乡建设|住建|建设局|建设厅|建设委员会|城建"),
        ("交通运输", r"交通(?!大学)|海事|民用?航|邮政|铁路"),
        ("水利", r"水利|水务"),
        ("农业农村", r"农业|农村|农牧|农委"),
        ("商务", r"商务|商贸"),
        ("文化和旅游", r"文化|旅游|文广|文体"),
        ("退役军人事务", r"退役军人"),
        ("应急管理", r"应急管理|安全生产监督|安监|地震|(?:煤矿|矿山)安全"),
        ("审计", r"审计"),
        ("市场监督管理", r"市场监督|市场监管|工商行政|工商局|质量技术监督|质监|食品药品|药品监督|知识产权"),
        ("统计", r"统计|调查队"),
        ("发展和改革", r"发展和改革|发展改革|发改|物价局|能源局"),
        ("工业和信息化", r"工业和信息化|经济和信息化|工信|经信|经济贸易委员会|经贸|通信管理|烟草专卖"),
        ("科学技术", r"科学技术|科技"),
        ("税务", r"税务|国税|地税"),
        ("林业和草原", r"林业|林草"),
        ("体育", r"体育"),
        ("城市管理", r"城市管理|城管|行政执法|市容"),
        ("国有资产监督管理", r"国有资产|国资委"),
        ("民族宗教", r"民族|宗教"),
        ("行政审批", r"行政审批|政务服务|审批服务"),
        ("数据管理", r"大数据|数据局|数据管理|数据资源"),
        ("信访", r"信访"),
        ("金融监管", r"金融|银保监|银监|证监|保监|(?:银行|保险|证券).{0,6}监督管理"),
        ("气象", r"气象"),
        ("海关", r"海关"),
        ("人民银行", r"中国人民银行|外汇管理"),
        ("粮食和物资储备", r"粮食|物资储备"),
        ("人民防空", r"人民防空|人防"),
        ("机关事务", r"机关事务"),
        ("外事", r"外事|侨务|港澳"),
        ("乡村振兴", r"乡村振兴|扶贫"),
        ("广播电视", r"广播电视|广电|新闻出版"),
        ("法院", r"人民法院"),
        ("检察院", r"检察院"),
        ("人民政府", r"人民政府|国务院|管理委员会|管委会|街道办事处"),
    )
)
#: A government and what stands in its place in a zone or a street, whatever else its place is called.
_GOVERNMENT: Final = re.compile(
    r"(?:人民|[省市区县旗盟州镇乡])政府(?:办公[厅室])?$|(?:行政公|行)署(?:办公室)?$|管委会$|区管理委员会$|街道(?:办(?:事处)?)?$|[镇乡]$|苏木$|"
    r"(?:开发|高新|经开|园|保税|保税港|示范|度假|试验|合作|新|产业)区$|工业园$|第.{1,3}师.{2,4}市$"
)


def department_of(agency: str) -> str:
    """Return the canonical department of an agency's name; "" if it can't be told."""
    folded = fold(agency)
    if _GOVERNMENT.search(folded):
        return "人民政府"  # 公安县人民政府 isn't a police office
    named = department_named(agency)
    if named:
        return named
    for name, pattern in _DEPARTMENTS:
        if pattern.search(folded):
            return name
    return ""
