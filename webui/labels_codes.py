"""Names of facets, departments, sources and notes; those of codes are the indexer's, which reads them in queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from indexer.fields import CODES, NOTES

#: kind.review, form.table, level.county …: a name that is shown is a name that can be typed (章节:依申请公开).
_OF_CODES: Final = {f"{field}.{code}": names for field, codes in CODES.items() for code, names in codes.items()}

CODE_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    **_OF_CODES,
    "facet.region": ("地区", "Region"),
    "facet.agency": ("机关", "Agency"),
    "facet.department": ("所属系统", "Department"),
    "facet.level": ("行政层级", "Level"),
    "facet.year": ("报告年度", "Report year"),
    "facet.kind": ("章节类型", "Section kind"),
    "facet.form": ("正文或表格", "Prose or table"),
    "facet.doctype": ("报告类型", "Report type"),
    "facet.template": ("报告格式", "Template"),
    "value.unknown": ("未注明", "Not stated"),
    "source.derived": ("由标题、机关、地区和章节推定", "worked out from title, agency, region and sections"),
    "source.title": ("报告标题", "title"),
    "source.text": ("正文文字", "text"),
    "source.file_name": ("文件名", "file name"),
    "source.dateline": ("正文前的发布信息", "line above the text"),
    "source.signature": ("文末落款", "signature"),
    "source.agency": ("机关名称", "agency"),
    "source.document_number": ("发文字号", "Document number"),
    "source.published_on": ("发布日期", "Published"),
    "source.page": ("页面声明", "page"),
    "source.meta": ("页面元数据", "page metadata"),
    "source.table": ("页面信息表", "table on the page"),
    "source.correction": ("人工更正", "correction"),
    "note.plain": (
        "有一处写法未能识别，已按普通文字检索。",
        "One part could not be parsed and was searched as plain text.",
    ),
    **{f"note.{code}": words for code, words in NOTES.items()},
}

DEPARTMENTS: Final[Mapping[str, str]] = {
    "人力资源和社会保障": "Human resources and social security",
    "生态环境": "Ecology and environment",
    "卫生健康": "Health",
    "医疗保障": "Medical insurance",
    "教育": "Education",
    "财政": "Finance",
    "公安": "Public security",
    "民政": "Civil affairs",
    "司法": "Justice",
    "自然资源": "Natural resources",
    "住房和城乡建设": "Housing and construction",
    "交通运输": "Transport",
    "水利": "Water resources",
    "农业农村": "Agriculture and rural affairs",
    "商务": "Commerce",
    "文化和旅游": "Culture and tourism",
    "退役军人事务": "Veterans affairs",
    "应急管理": "Emergency management",
    "审计": "Audit",
    "市场监督管理": "Market regulation",
    "统计": "Statistics",
    "发展和改革": "Development and reform",
    "工业和信息化": "Industry and information technology",
    "科学技术": "Science and technology",
    "税务": "Taxation",
    "林业和草原": "Forestry and grassland",
    "体育": "Sport",
    "城市管理": "Urban management",
    "国有资产监督管理": "State-owned assets",
    "民族宗教": "Ethnic and religious affairs",
    "行政审批": "Administrative approval",
    "数据管理": "Data administration",
    "信访": "Petitions",
    "金融监管": "Financial regulation",
    "气象": "Meteorology",
    "海关": "Customs",
    "人民银行": "Central bank",
    "粮食和物资储备": "Grain and reserves",
    "人民防空": "Civil air defence",
    "机关事务": "Government offices administration",
    "外事": "Foreign affairs",
    "乡村振兴": "Rural revitalisation",
    "广播电视": "Radio and television",
    "法院": "Courts",
    "检察院": "Procuratorates",
    "人民政府": "People's government",
}
