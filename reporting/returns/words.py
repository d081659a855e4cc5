"""The form's Vietnamese: heads, notes on cells, and what the cover tells the person who fills it in."""

from __future__ import annotations

from typing import Any

from contracts.return_form import Column, CoverRow
from contracts.returned import STATE_LABELS, Asked, Kind, State

TITLE = "PHIẾU BÁO CÁO CHỈ TIÊU CẢI CÁCH HÀNH CHÍNH"
SUBTITLE = "Các chỉ tiêu không có trong dữ liệu hồ sơ của hệ thống một cửa"
SHEET_MARK = (
    "Chỉ điền ô nền vàng. Không có thì ghi 0; chưa biết thì chọn «Chưa có số liệu», không ghi 0, không bỏ trống."
)
REFUSED = "Không nhập được"
_APPROXIMATELY = f"Chỉ biết khoảng thì chọn tình trạng «{STATE_LABELS[State.APPROXIMATE]}» trước."
_FROM_THE_LIST = "Chọn một mục trong danh sách: bấm mũi tên ở cạnh ô."
REFUSED_WHY = {
    Kind.COUNT: f"Số nguyên, không âm, không có dấu chấm, không ghi chữ. {_APPROXIMATELY}",
    Kind.NUMBER: f"Số không âm, không ghi chữ, nhiều nhất hai chữ số thập phân. {_APPROXIMATELY}",
    Kind.SHARE: "Chỉ tiêu tỷ lệ: ghi tử số, mẫu số và để trống ô này. Không có tử số, mẫu số thì chọn tình trạng "
    f"«{STATE_LABELS[State.APPROXIMATE]}» trước.",
    Kind.YES_NO: _FROM_THE_LIST,
    Kind.CHOICE: _FROM_THE_LIST,
    Kind.DATE: "Gõ ngày/tháng/năm, ví dụ 22/01/2024; không ghi chữ.",
}
"""What Excel says when it refuses an answer of the kind."""
COVER = {
    CoverRow.UNIT: "Đơn vị báo cáo",
    CoverRow.CODE: "Mã đơn vị",
    CoverRow.PERIOD: "Kỳ báo cáo",
    CoverRow.DAYS: "Từ ngày – đến ngày",
    CoverRow.DUE: "Hạn gửi",
    CoverRow.PREPARED_BY: "Người lập (họ tên, chức vụ)",
    CoverRow.PREPARED_ON: "Ngày lập",
    CoverRow.APPROVED_BY: "Người duyệt (họ tên, chức vụ)",
    CoverRow.DOCUMENT: "Văn bản gửi kèm (số, ngày)",
}
TO_FILL = {
    CoverRow.PREPARED_BY: "Bắt buộc. Người chịu trách nhiệm về số liệu của phiếu.",
    CoverRow.PREPARED_ON: "Bắt buộc. Ngày/tháng/năm, ví dụ 16/12/2024.",
    CoverRow.APPROVED_BY: "Lãnh đạo đã duyệt số liệu; để trống thì phiếu được nhận kèm lưu ý.",
    CoverRow.DOCUMENT: "Nếu gửi kèm báo cáo: số, ký hiệu và ngày của văn bản.",
}
GUIDE_HEAD = "Cách điền"
GUIDE = (
    "1. Chỉ điền ô nền vàng. Không thêm, xóa, gộp dòng hoặc cột; không đổi tên trang; không dán công thức.",
    "2. Đơn vị chỉ báo cáo phần của mình, không cộng số của đơn vị khác cũng lập phiếu (huyện không cộng số của xã, "
    "tỉnh không cộng số của sở, huyện, xã). Phần mềm cộng.",
    "3. Không phát sinh thì ghi số 0. Chưa biết thì để trống ô số và chọn «Chưa có số liệu». Chỉ tiêu không liên quan "
    "đến đơn vị thì chọn «Không thuộc phạm vi». Dòng bỏ trống hoàn toàn được tính là thiếu.",
    "4. Tỷ lệ: ghi tử số và mẫu số, không ghi phần trăm. Phần mềm chia.",
    "5. Số nguyên gõ liền, không dấu chấm: 2076. Ngày gõ dạng 22/01/2024.",
    "6. Chỉ biết khoảng hoặc chỉ có tỷ lệ mà không có tử số, mẫu số: chọn «Chỉ có số gần đúng» trước, rồi ghi ở cột "
    "Giá trị, ví dụ >300, gần 250, 1/3-1/2, 97,3%. Số này được in nguyên văn và không được cộng.",
    "7. Ghi số, ký hiệu văn bản hoặc tên sổ theo dõi ở cột Tài liệu kiểm chứng. Không ghi tên, số giấy tờ của người "
    "dân.",
    "8. Sửa số liệu đã gửi: sửa trên phiếu này rồi gửi lại cả phiếu. Phiếu gửi sau thay phiếu gửi trước.",
)
HEADS = {
    Column.NUMBER: ("STT", "Số thứ tự trong lĩnh vực."),
    Column.LABEL: ("Chỉ tiêu", "Nội dung cần báo cáo."),
    Column.UNIT: ("Đơn vị tính", "Số liệu ghi theo đơn vị này."),
    Column.DEFINITION: ("Định nghĩa, cách tính", "Đếm gì, của những ngày nào."),
    Column.NUMERATOR: ("Tử số", "Chỉ điền ở chỉ tiêu tỷ lệ. Số nguyên, không lớn hơn mẫu số."),
    Column.DENOMINATOR: ("Mẫu số", "Chỉ điền ở chỉ tiêu tỷ lệ. Mẫu số 0: không có gì để tính tỷ lệ."),
    Column.VALUE: ("Giá trị", "Số, ngày, chữ hoặc chọn trong danh sách. Ở chỉ tiêu tỷ lệ: chỉ ghi số gần đúng."),
    Column.STATE: ("Tình trạng", "Ghi số xong có thể để trống ô này. Không có số thì phải chọn lý do."),
    Column.EVIDENCE: ("Tài liệu kiểm chứng", "Số, ký hiệu văn bản, tên sổ theo dõi hoặc đường dẫn."),
    Column.NOTE: ("Ghi chú", "Điều cần nói thêm về số liệu; được lưu cùng số liệu."),
}
_PROMPTS = {
    Kind.COUNT: "Số nguyên, gõ liền, ví dụ 2076. Không có thì ghi 0.",
    Kind.NUMBER: "Số, nhiều nhất hai chữ số thập phân.",
    Kind.SHARE: "Để trống. Chỉ ghi khi không có tử số, mẫu số: chọn «Chỉ có số gần đúng» rồi ghi, ví dụ 97,3%.",
    Kind.YES_NO: "Chọn Có hoặc Không.",
    Kind.CHOICE: "Chọn trong danh sách.",
    Kind.TEXT: "Ghi ngắn gọn.",
    Kind.DATE: "Ngày/tháng/năm, ví dụ 22/01/2024.",
}


def definition(line: Asked) -> str:
    """What is counted, of which days, and both halves of a share."""
    halves = f"\nTử số: {line.numerator}.\nMẫu số: {line.denominator}." if line.kind is Kind.SHARE else ""
    return f"{line.definition}{halves}\n({line.measured_label})"


def prompt(column: Column, line: Asked) -> dict[str, Any]:
    """The note that Excel shows beside the cell once it is chosen."""
    match column:
        case Column.NUMERATOR:
            text = f"{line.numerator}. Số nguyên."
        case Column.DENOMINATOR:
            text = f"{line.denominator}. Số nguyên."
        case Column.STATE:
            not_yet, outside = STATE_LABELS[State.NOT_YET], STATE_LABELS[State.OUT_OF_SCOPE]
            text = f"Đã ghi số thì có thể để trống. Chưa biết: «{not_yet}». Không liên quan: «{outside}»."
        case _:
            text = f"Đơn vị tính: {line.unit}. {_PROMPTS[line.kind]}"
    return {"input_title": HEADS[column][0], "input_message": text[:1].upper() + text[1:255]}
