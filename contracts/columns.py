"""Every column of ours, declared once: the canonical dossier, its pauses, and the facts.

A source's column map names these columns and no others, so a column of personal data has no place to go.
Grain and unit stand with each; dates are whole days in Vietnam (`datetime64[s]` at midnight), because the
forms ignore the time of day (docs/domain.md §3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "date", "status", "channel", "level", "flag", "number", "pause_kind"]


@dataclass(frozen=True)
class Column:
    """One canonical column.

    required: a source without it is refused at start-up.
    label: Vietnamese, for findings and messages.
    """

    name: str
    kind: Kind
    label: str
    required: bool = False


DOSSIER_COLUMNS: tuple[Column, ...] = (
    Column("dossier_code", "text", "mã hồ sơ", required=True),
    Column("procedure_code", "text", "mã thủ tục hành chính", required=True),
    Column("field", "text", "lĩnh vực"),
    Column("agency", "text", "cơ quan tiếp nhận", required=True),
    Column("status", "status", "trạng thái", required=True),
    Column("channel", "channel", "kênh tiếp nhận", required=True),
    Column("received_date", "date", "ngày tiếp nhận", required=True),
    Column("due_date", "date", "ngày hẹn trả", required=True),
    Column("end_date", "date", "ngày kết thúc xử lý", required=True),
    Column("returned_date", "date", "ngày trả kết quả"),
    Column("deleted_date", "date", "ngày xóa khỏi hệ thống"),
    Column("service_level", "level", "mức độ dịch vụ công"),
    Column("return_channel", "channel", "kênh trả kết quả"),
    Column("linked", "flag", "liên thông"),
    Column("fee_due", "flag", "có nghĩa vụ tài chính"),
    Column("paid_online", "flag", "thanh toán trực tuyến"),
    Column("result_electronic", "flag", "có kết quả điện tử"),
    Column("digitised", "flag", "số hóa thành phần hồ sơ"),
    Column("reused", "flag", "tái sử dụng dữ liệu số hóa"),
    Column("limit_days", "number", "thời hạn giải quyết theo quy định"),
)
"""One row a dossier. `agency` is the source's own code of the receiving agency; canonical adds
`agency_code`, `unit_code` from the unit map, and see DERIVED_DOSSIER_COLUMNS.

service_level: of the procedure on the day of receipt (NĐ 42/2022/NĐ-CP). limit_days: whole working days, at least 1.
What a source does not have is missing in every row, and never "no": a flag is then of pandas' `boolean`, and
return_channel has no categories."""

DERIVED_DOSSIER_COLUMNS: tuple[Column, ...] = (
    Column("row", "number", "dòng trong tệp trích xuất"),
    Column("address", "text", "vị trí tại nguồn"),  # table and key, or sheet and row; for the finding
    Column("agency_code", "text", "mã định danh cơ quan"),
    Column("unit_code", "text", "mã đơn vị"),
    Column("status_local", "text", "trạng thái theo hệ thống nguồn"),
    Column("channel_local", "text", "kênh theo hệ thống nguồn"),
    Column("service_level_local", "text", "mức độ dịch vụ công theo hệ thống nguồn"),
    Column("unparsed", "text", "các cột không đọc được"),  # "" or names joined by a comma
    Column("paused_undated", "flag", "tạm dừng nhưng không có ngày"),
)

PAUSE_COLUMNS: tuple[Column, ...] = (
    Column("dossier_code", "text", "mã hồ sơ", required=True),
    Column("pause_from", "date", "ngày bắt đầu tạm dừng", required=True),
    Column("pause_to", "date", "ngày hết tạm dừng", required=True),
    Column("pause_kind", "pause_kind", "lý do tạm dừng"),
)
"""One row an interval in which the deadline does not run; `pause_to` is empty while it lasts, and the
dossier is no longer paused on the day `pause_to`."""

TABLES: dict[str, tuple[Column, ...]] = {"dossiers": DOSSIER_COLUMNS, "pauses": PAUSE_COLUMNS}

FACT_KEYS = ("series", "agency_code", "unit_code", "field", "procedure_code")

RECEIVED = ("received_online", "received_in_person", "received_postal", "carried_over")
RESOLVED = ("early", "on_time", "overdue")
OPEN = ("open_in_time", "open_overdue")
MEASURES = (*RECEIVED, *RESOLVED, *OPEN)
"""Counts of form II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP), columns 4–13 with column 5 split in two.
Identity of every row: sum(RECEIVED) = sum(RESOLVED) + sum(OPEN), which is (3) = (7) + (11)."""

NOTES = ("withdrawn", "stopped", "paused", "no_due_date")
"""Printed under the form: withdrawn ⊂ its policy column, stopped and paused ⊂ open_in_time, no_due_date ⊂ on_time +
open_in_time."""

LINKED = ("linked_known", "linked_received", "linked_resolved", "linked_overdue")
"""linked_known ⊂ RESOLVED: the source tells whether several agencies handle the dossier (liên thông). Those that they
do: received in the period; linked_resolved ⊂ linked_known."""

OFFERED = ("level_known", "offered", "offered_online", "offered_full", "offered_full_online")
"""Of the dossiers received in the period: those whose service level is known; of these, of a procedure served online in
part or in full, and of these filed online; the same of those served in full."""

POST = ("returned_known", "returned_by_post", "by_post_known", "by_post")
"""returned_known ⊂ RESOLVED: the channel of the result is known; returned_by_post ⊂ returned_known. by_post: received
in the period by post, or resolved in it with the result sent by post, each dossier once; by_post_known: of how many
that can be told, in the sources that keep the channel of the result."""

PAYMENT = ("fee_known", "fee_due", "paid_known", "paid_online")
"""Of all dossiers of column (3): the source tells of a financial obligation; there is one; of these, the source tells
how it was paid; it was paid online."""

DIGITAL = ("result_known", "result_electronic", "digitised_known", "digitised", "reused_known", "reused")
"""result_* ⊂ RESOLVED: the result is (also) electronic. digitised, reused: of the dossiers received in the period; the
papers were digitised, digitised data were used again. Each *_known: the source tells of it."""

TIME = ("processed", "processing_days", "timed", "timed_days", "timed_limit_days")
"""processed: resolved by the agency (neither withdrawn nor stopped), in a time that is known; processing_days: the sum
of their working days (transforms.processing). timed: of these, with a limit by regulation; timed_days: the sum of their
working days; timed_limit_days: the sum of their limits."""

MEMOS = (*NOTES, *LINKED, *OFFERED, *POST, *PAYMENT, *DIGITAL, *TIME)
"""Counts and sums beside the measures, additive like them. A *_known is the base of a share: a source that lacks the
column counts 0 there, so that the share is missing and never 0 %."""

DURATION_COLUMNS = ("agency_code", "field", "days", "dossiers")
"""One row an (agency, field, number of working days): how many of the dossiers `processed` in the forms' period took so
long. A median is made of them."""

FORM_COLUMNS = {
    3: RECEIVED,
    4: ("received_online",),
    5: ("received_in_person", "received_postal"),
    6: ("carried_over",),
    7: RESOLVED,
    8: ("early",),
    9: ("on_time",),
    10: ("overdue",),
    11: OPEN,
    12: ("open_in_time",),
    13: ("open_overdue",),
}
"""Column number of form II.06 → the measures that add up to it."""
