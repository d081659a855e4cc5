"""Figures of the articles that no dossier holds: asked of a unit on a form, filled in, taken, stored, and printed in
the annex as the article has them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.articles.rows import article, row
from tests.returns.conftest import MakeOffice, office
from tests.returns.filling import NOT_YET, OUTSIDE
from tests.returns.whole_way import Office

__all__ = ["office"]

KHANH_SON = """
H32        | 56    | Tỉnh Khánh Hòa  | province |        | |
H32.33     | 575   | Huyện Khánh Sơn | district | H32    | |
H32.33.01  | 22729 | Xã Sơn Trung    | commune  | H32.33 | |
"""
PHUC_THO = """
H26        | 01    | Thành phố Hà Nội | province |        | |
H26.20     | 272   | Huyện Phúc Thọ   | district | H26    | |
H26.20.01  | 09772 | Xã Vân Hà        | commune  | H26.20 | |
"""
HUYEN_TUNG = """
H03        | 06    | Tỉnh Bắc Kạn        | province |        | |
H03.10     | 058   | Thành phố Bắc Kạn   | district | H03    | |
H03.10.08  | 01846 | Phường Huyền Tụng   | commune  | H03.10 | |
"""
KIEN_GIANG = """
H33        | 91    | Tỉnh Kiên Giang   | province |        | |
H33.02     |       | Sở Nội vụ         | department | H33  | |
H33.10     | 900   | Thành phố Hà Tiên | district | H33    | |
"""
KHANH_HOA = """
H32        | 56    | Tỉnh Khánh Hòa      | province   |        | |
H32.02     |       | Sở Nội vụ           | department | H32    | |
H32.30     | 568   | Thành phố Nha Trang | district   | H32    | |
H32.33     | 575   | Huyện Khánh Sơn     | district   | H32    | |
"""
LATER = "2026-11-20T08:00:00+07:00"
COVER = {"cover": {10: datetime(2026, 1, 5)}}


def taken(one: Office, agency: str, answers: dict[str, object]) -> None:
    (outcome,) = one.add(one.filled(agency, answers, **COVER))
    assert outcome.received is not None, outcome.remarks


@pytest.fixture
def khanh_son(office: MakeOffice) -> Office:
    return office("2022Y", units=KHANH_SON, now=LATER)


@pytest.fixture
def khanh_hoa(office: MakeOffice) -> Office:
    return office("2018-01-01..2018-12-31", units=KHANH_HOA, now=LATER)


@article("A0-10", "A0-12")
def test_khanh_son_s_staff_and_bodies(khanh_son: Office) -> None:
    given = {"service_staff_base": 1000, "service_staff": 600, "bodies_dissolved": 2}
    names = "Trung tâm Dịch vụ thương mại huyện; Phòng Y tế huyện"
    taken(khanh_son, "H32.33", given | {"bodies_named": names})
    printed = khanh_son.printed("H32.33")
    _, value, basis, of = printed["Tỷ lệ tinh giản số người làm việc trong đơn vị sự nghiệp công lập"]
    assert (value, basis, of) == ("40,00%", "400/1.000", "1/1")
    assert float(value.rstrip("%").replace(",", ".")) == float(row("A0-10")["value"])
    assert printed["Số cơ quan, đơn vị giải thể"][:2] == ("đơn vị", row("A0-12")["value"])
    written = khanh_son.written("H32.33")
    assert written["Tên cơ quan, đơn vị tổ chức lại, giải thể"] == {"Huyện Khánh Sơn": names}


@article("A0-11", "A0-13", "A0-14", "A0-16")
def test_khanh_son_s_officials_iso_and_plans(khanh_son: Office) -> None:
    taken(
        khanh_son,
        "H32.33",
        {
            "officials_qualified": (180, 180),
            "iso_applied": "Có",
            "iso_standard": "ISO 9001:2008",
            "plan_issued": "Có",
            "procedures_reviewed": NOT_YET,  # the article gives no figure
        },
    )
    outside = dict.fromkeys(("iso_applied", "iso_standard", "plan_issued", "procedures_reviewed"), OUTSIDE)
    taken(khanh_son, "H32.33.01", {"officials_qualified": (32, 32)} | outside)
    printed = khanh_son.printed("H32.33")
    assert printed["Tỷ lệ cán bộ, công chức đạt chuẩn theo quy định"] == ("%", "100,00%", "212/212", "2/2")
    assert printed["Áp dụng, duy trì hệ thống quản lý chất lượng ISO"][1] == "Có"
    assert khanh_son.written("H32.33")["Tiêu chuẩn ISO đang áp dụng"] == {"Huyện Khánh Sơn": "ISO 9001:2008"}
    assert printed["Ban hành đầy đủ kế hoạch cải cách hành chính của năm"][1] == "Có"
    unit, value, _, of = printed["Số TTHC được rà soát, cập nhật, bổ sung, thay thế, bãi bỏ"]
    assert (unit, value, of) == ("TTHC", "Chưa có số liệu", "0/1")


@article("A0-15")
def test_son_trung_s_petitions_are_handled_in_time(khanh_son: Office) -> None:
    taken(khanh_son, "H32.33.01", {"petitions_received": 7, "petitions_in_time": 7})
    printed = khanh_son.printed("H32.33.01")
    assert printed["Tỷ lệ phản ánh, kiến nghị xử lý đúng hạn"] == ("%", "100,00%", "7/7", "1/1")


@article("A1-01", "A1-02", "A1-03", "A1-17", "A1-18")
def test_phuc_tho(office: MakeOffice) -> None:
    phuc_tho = office("2018-01-01..2018-09-30", units=PHUC_THO, now=LATER)
    taken(
        phuc_tho,
        "H26.20",
        {
            "plan_number": "67/KH-UBND",
            "plan_date": date(2018, 1, 22),
            "procedures_reviewed": 122,
            "procedures_posted": (251, 251),
            "inspections": NOT_YET,  # the article says that there were some, and not how many
            "iso_applied": "Có",
        },
    )
    taken(phuc_tho, "H26.20.01", {"iso_applied": OUTSIDE})
    printed, written = phuc_tho.printed("H26.20"), phuc_tho.written("H26.20")
    number, day = (f"{what} kế hoạch cải cách hành chính của năm" for what in ("Số, ký hiệu", "Ngày ban hành"))
    assert written[number] == {"Huyện Phúc Thọ": row("A1-01")["value"]}
    assert written[day] == {"Các đơn vị": "22/01/2018"}
    assert printed["Số TTHC được rà soát, cập nhật, bổ sung, thay thế, bãi bỏ"][1] == row("A1-02")["value"]
    assert printed["Tỷ lệ TTHC được niêm yết công khai"][1:3] == ("100,00%", "251/251")
    assert printed["Số đoàn kiểm tra cải cách hành chính, kiểm tra công vụ"][1] == "Chưa có số liệu"
    assert printed["Áp dụng, duy trì hệ thống quản lý chất lượng ISO"][1] == "Có"


@article("A2-03", "A2-04", "A2-08", "A2-12")
def test_huyen_tung(office: MakeOffice) -> None:
    huyen_tung = office("2019-01-01..2019-07-31", units=HUYEN_TUNG, now=LATER)
    taken(
        huyen_tung,
        "H03.10.08",
        {
            "procedures_posted": (135, 135),
            "petitions_received": 0,
            "staff_accounts": (23, 23),
            "budget_enough": "Đáp ứng một phần",
            "publicity": "Tuyên truyền trên loa phát thanh của phường",
            "appraisal": "Hằng tháng",
        },
    )
    printed, written = huyen_tung.printed("H03.10.08"), huyen_tung.written("H03.10.08")
    assert printed["Tỷ lệ TTHC được niêm yết công khai"][1:3] == ("100,00%", "135/135")
    assert printed["Số phản ánh, kiến nghị về TTHC đã tiếp nhận"] == ("PAKN", "0", "", "1/1"), "a true zero"
    assert printed["Số phản ánh, kiến nghị đã xử lý đúng hạn"][1] == "Chưa có số liệu", "left blank is no zero"
    assert printed["Tỷ lệ cán bộ, công chức có tài khoản hồ sơ công việc và thư điện tử công vụ"][1] == "100,00%"
    said = {label: answers.get("Phường Huyền Tụng") for label, answers in written.items()}
    assert said["Mức đáp ứng của kinh phí so với nhiệm vụ cải cách hành chính"] == "Đáp ứng một phần"
    assert said["Hoạt động tuyên truyền cải cách hành chính"] == "Tuyên truyền trên loa phát thanh của phường"
    assert said["Đánh giá cán bộ, công chức định kỳ"] == "Hằng tháng"


@article("A3-17")
def test_kien_giang_s_inspections_add_up(office: MakeOffice) -> None:
    kien_giang = office("2023T9", units=KIEN_GIANG, now=LATER)
    taken(kien_giang, "H33", {"inspections": 3, "units_inspected": (12, 30), "steering_meetings": 2})
    taken(kien_giang, "H33.10", {"inspections": 1, "units_inspected": (7, 7), "steering_meetings": 9})
    printed = kien_giang.printed()
    assert printed["Số đoàn kiểm tra cải cách hành chính, kiểm tra công vụ"] == ("cuộc", "4", "", "2/3")
    assert printed["Tỷ lệ cơ quan, đơn vị được kiểm tra theo kế hoạch"] == ("%", "51,35%", "19/37", "2/3")
    assert printed["Số cuộc họp Ban Chỉ đạo, giao ban về cải cách hành chính"][1] == "11"


@article("A4-01", "A4-02", "A4-16", "A4-17", "A4-27")
def test_khanh_hoa_s_counts(khanh_hoa: Office) -> None:
    given = {"linked_rules": 23, "linked_procedures": 500, "coordination_rules": 15, "delegations": 5}
    taken(khanh_hoa, "H32", given | {"bodies_reorganised": 6})
    for agency in ("H32.02", "H32.30", "H32.33"):
        nothing = dict.fromkeys([*given, "bodies_reorganised"], OUTSIDE)
        if agency == "H32.02":
            del nothing["delegations"]  # departments are not asked
        taken(khanh_hoa, agency, nothing | {"petitions_received": 0})
    printed = khanh_hoa.printed()
    wanted = {
        "Số quy chế giải quyết TTHC theo cơ chế một cửa liên thông": ("A4-01", "quy chế"),
        "Số quy trình giải quyết TTHC liên thông đã ban hành": ("A4-02", "quy trình"),
        "Số quy chế phối hợp liên ngành đang có hiệu lực": ("A4-16", "quy chế"),
        "Số quyết định phân cấp, ủy quyền đã ban hành": ("A4-17", "quyết định"),
    }
    for label, (row_id, unit) in wanted.items():
        assert printed[label] == (unit, row(row_id)["value"], "", "1/1"), row_id
    assert printed["Số cơ quan, đơn vị được kiện toàn, sắp xếp, tổ chức lại"][1] == row("A4-27")["numerator"]


@article("A4-04", "A4-05", "A4-12", "A4-13", "A4-14", "A4-15", "A4-24")
def test_bounds_and_ranges_stay_as_they_are_written(khanh_hoa: Office) -> None:
    taken(
        khanh_hoa,
        "H32",
        {
            "procedures_shortened": ("~", row("A4-04")["value"]),
            "time_cut": ("~", row("A4-05")["value"]),
            "pilot_units": 14,
            "pilot_cases": ("~", "gần 250"),
            "pilot_time_cut": ("~", row("A4-14")["value"] + "%"),
            "online_payment_procedures": 30,
        },
    )
    models = "Hộ khẩu lưu động"
    taken(khanh_hoa, "H32.30", {"pilot_cases": ("~", row("A4-15")["value"]), "pilots": models, "pilot_units": 0})
    printed, written = khanh_hoa.printed(), khanh_hoa.written()
    assert written["Số TTHC được cắt giảm thời gian giải quyết so với quy định"]["Tỉnh Khánh Hòa"] == ">300"
    assert written["Mức cắt giảm thời gian giải quyết của các TTHC đó"]["Tỉnh Khánh Hòa"] == "1/3-1/2"
    assert written["Số hồ sơ, trường hợp giải quyết theo mô hình thí điểm"]["Tỉnh Khánh Hòa"] == "gần 250"
    assert written["Số hồ sơ, trường hợp giải quyết theo mô hình thí điểm"]["Thành phố Nha Trang"] == ">1500"
    assert written["Mức giảm thời gian giải quyết của mô hình thí điểm"]["Tỉnh Khánh Hòa"] == ">=50%"
    assert written["Mô hình thí điểm, sáng kiến cải cách TTHC"]["Thành phố Nha Trang"] == models
    value, _, of = printed["Số hồ sơ, trường hợp giải quyết theo mô hình thí điểm"][1:]
    assert (value, of) == ("Chỉ có số gần đúng", "0/4"), "two bounds make no sum"
    assert printed["Số đơn vị thực hiện mô hình thí điểm"] == ("đơn vị", "14", "", "2/4")
    assert printed["Số TTHC cho phép thanh toán trực tuyến"] == ("TTHC", row("A4-24")["value"], "", "1/4")


@article("A4-18", "A4-19", "A4-20", "A4-28")
def test_khanh_hoa_s_establishment_is_summed_and_cut(khanh_hoa: Office) -> None:
    taken(khanh_hoa, "H32", {"staff_quota": 0, "staff_quota_before": 0, "plan_completion": "Cơ bản hoàn thành"})
    taken(khanh_hoa, "H32.02", {"staff_quota": 1100, "staff_quota_before": 1110})
    taken(khanh_hoa, "H32.30", {"staff_quota": 700, "staff_quota_before": 715})
    taken(khanh_hoa, "H32.33", {"staff_quota": 276, "staff_quota_before": 283})
    printed = khanh_hoa.printed()
    assert printed["Biên chế công chức được giao, năm báo cáo"] == ("người", "2.076", "", "4/4")
    assert printed["Biên chế công chức được giao, năm trước"] == ("người", "2.108", "", "4/4")
    assert printed["Biên chế công chức so với năm trước"] == ("chỉ tiêu", "giảm 32", "2.108 → 2.076", "4/4")
    assert printed["Tỷ lệ tinh giản biên chế công chức so với năm trước"][1:3] == ("1,52%", "32/2.108")
    said = khanh_hoa.written()["Mức hoàn thành nhiệm vụ cải cách hành chính"]
    assert said == {"Các đơn vị": "Cơ bản hoàn thành: 1"}
    assert khanh_hoa.printed("H32.02")["Biên chế công chức so với năm trước"][1] == "giảm 10"


@article("A4-21", "A4-22", "A4-23")
def test_khanh_hoa_s_documents(khanh_hoa: Office) -> None:
    """The counts behind the article's percentages are not given there: these are some that give them."""
    taken(
        khanh_hoa,
        "H32",
        {"document_system_units": 180, "documents_exchanged": (584, 600), "documents_paperless": (430, 600)},
    )
    paper = {"documents_paperless": (1, 4)}
    (refused,) = khanh_hoa.add(khanh_hoa.filled("H32.02", {"documents_exchanged": (0, 4)} | paper, **COVER))
    assert [r.place for r in refused.remarks if r.is_error] == ["6. Chính phủ số!E10"], "a part above its whole"
    taken(
        khanh_hoa,
        "H32.02",
        {"document_system_units": 11, "documents_exchanged": (389, 400), "documents_paperless": (286, 400)},
    )
    printed = khanh_hoa.printed()
    assert printed["Số cơ quan, đơn vị sử dụng phần mềm quản lý văn bản và điều hành"] == (
        *("cơ quan", row("A4-21")["value"], "", "2/4"),
    )
    assert printed["Tỷ lệ văn bản đi, đến được chuyển trên môi trường mạng"][1:3] == ("97,30%", "973/1.000")
    assert printed["Tỷ lệ văn bản hoàn toàn điện tử, không kèm bản giấy"][1:3] == ("71,60%", "716/1.000")


@article("A4-22", "A4-23")
def test_a_percentage_without_its_counts_is_printed_as_it_was_given(khanh_hoa: Office) -> None:
    taken(khanh_hoa, "H32", {"documents_exchanged": ("~", "97,3%"), "documents_paperless": ("~", "71,6%")})
    written = khanh_hoa.written()
    assert written["Tỷ lệ văn bản đi, đến được chuyển trên môi trường mạng"] == {"Tỉnh Khánh Hòa": "97,3%"}
    assert written["Tỷ lệ văn bản hoàn toàn điện tử, không kèm bản giấy"] == {"Tỉnh Khánh Hòa": "71,6%"}
    turned = {"documents_exchanged": ("~", "71,6%"), "documents_paperless": ("~", "97,3%")}
    (refused,) = khanh_hoa.add(khanh_hoa.filled("H32", turned, **COVER))
    assert refused.refused
    assert "97,3% lớn hơn 71,6%" in next(r.wrong for r in refused.remarks if r.is_error)
