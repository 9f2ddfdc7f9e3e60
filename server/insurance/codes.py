"""Codes of medical insurance as they lie in rule files, tables and claims."""

from __future__ import annotations

from enum import StrEnum


class Scheme(StrEnum):
    """Which insurance: 职工基本医保 or 城乡居民基本医保."""

    EMPLOYEE = "employee"
    RESIDENT = "resident"


class Status(StrEnum):
    """What somebody is in their scheme."""

    IN_SERVICE = "in-service"
    RETIRED = "retired"
    RESIDENT = "resident"


class Level(StrEnum):
    """The level of a hospital: 社区或乡镇卫生院, 一级, 二级, 三级."""

    COMMUNITY = "community"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class Filing(StrEnum):
    """How somebody came here, as the insurance was told (备案)."""

    LOCAL = "local"
    STEPWISE = "stepwise"
    FILED = "filed"
    REFERRED = "referred"
    EMERGENCY = "emergency"
    UNFILED = "unfiled"


class Care(StrEnum):
    """A stay, or a visit that the pooled fund shares."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"


class Grade(StrEnum):
    """The class of an item in the catalogue (chrgitm_lv): 甲类, 乙类, 丙类或目录外."""

    A = "01"
    B = "02"
    C = "03"


class Trust(StrEnum):
    """How far a number can be trusted: V a primary text, V2 a secondary one, K to be confirmed, D a default of ours."""

    V = "V"
    V2 = "V2"
    K = "K"
    D = "D"
