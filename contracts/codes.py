"""Code lists of the canonical record: each value has one meaning, and one Vietnamese label for staff."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Group of a dossier's status (docs/domain.md §3). A source's own codes are mapped to it by its
    status_map.csv; a code without a mapping is unknown, and unknown is quarantined, never guessed."""

    NOT_RECEIVED = "not_received"  # newly registered online, or refused at the desk: not a dossier yet
    OPEN = "open"
    PAUSED = "paused"  # supplement or payment asked for
    WITHDRAWN = "withdrawn"  # by the citizen
    STOPPED = "stopped"  # by the office; counted as policy `stopped_is` says
    DONE = "done"


class Channel(StrEnum):
    """How the dossier was filed (kênh tiếp nhận)."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    POSTAL = "postal"


class ServiceLevel(StrEnum):
    """Level at which a procedure is served online (NĐ 42/2022/NĐ-CP): before it these were levels 4, 3 and 2. A
    source's own codes are mapped to it by its level_map.csv; one without a mapping is unknown, and counted as such."""

    INFORMATION = "information"  # cung cấp thông tin trực tuyến
    PARTIAL = "partial"  # một phần
    FULL = "full"  # toàn trình


class PauseKind(StrEnum):
    SUPPLEMENT = "supplement"  # yêu cầu bổ sung giấy tờ
    PAYMENT = "payment"  # yêu cầu thực hiện nghĩa vụ tài chính


class Level(StrEnum):
    """Level of a unit. District exists up to 30/6/2025 only."""

    PROVINCE = "province"
    DEPARTMENT = "department"  # sở, ban, ngành, văn phòng of the province
    DISTRICT = "district"
    COMMUNE = "commune"


class Series(StrEnum):
    """Which calendar a count follows: the forms' 15→14 or the 766 index's calendar months."""

    FORMS = "forms"
    INDEX = "index"


class PartitionState(StrEnum):
    """State of a (source, period) in the ledger."""

    EXPECTED = "expected"
    LANDED = "landed"
    VALIDATED = "validated"
    LOADED = "loaded"
    FAILED = "failed"
    NOT_RECEIVED = "not_received"


class Severity(StrEnum):
    """critical stops that source; error puts the row in quarantine; warning is printed."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"


STATE_LABELS = {
    PartitionState.EXPECTED: "chờ trích xuất",
    PartitionState.LANDED: "đã trích xuất",
    PartitionState.VALIDATED: "đã kiểm tra",
    PartitionState.LOADED: "đã tổng hợp",
    PartitionState.FAILED: "LỖI",
    PartitionState.NOT_RECEIVED: "chưa nhận được",
}
