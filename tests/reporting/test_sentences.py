"""Situation → exact sentence. A text that changes here is a text that a leader signs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from contracts.columns import MEASURES, MEMOS
from contracts.targets import Target
from reporting import narrative
from reporting.overdue import Late
from reporting.sentences import digital, limits, moves, overdue, published, ranking, ratio
from reporting.sentences.moves import Move
from reporting.sentences.ranking import Judged, LeftOut
from reporting.sentences.ratio import Ratio
from reporting.tally import Tally
from transforms.indicators import valid_on

R = Ratio
NOW, PERIOD = R(97, 100), "quý IV năm 2023"


def target(percent: str, *, verified: bool = True) -> Target:
    source = "Kế hoạch số 67/KH-UBND"
    return Target(
        indicator="ON_TIME_RESOLVED",
        percent=Decimal(percent),
        valid_from=date(2024, 1, 1),
        source=source,
        verified=verified,
    )


def units(*figures: str) -> list[Judged]:
    """A 9/10 → xã A with 9 of 10."""
    pairs = (figure.split() for figure in figures)
    return [Judged(f"xã {name}", R(*map(int, counts.split("/")))) for name, counts in pairs]


def tally(**counts: int) -> Tally:
    return Tally(dict.fromkeys((*MEASURES, *MEMOS), 0) | counts)


@pytest.mark.parametrize(
    ("found", "lacking", "said"),
    [
        (NOW, False, "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn (tỷ lệ A) của tỉnh X đạt 97,00% (97/100 hồ sơ)."),
        (
            NOW,
            True,
            "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn (tỷ lệ A) của tỉnh X, tính trên số liệu đã nhận được, đạt"
            " 97,00% (97/100 hồ sơ).",
        ),
        (
            R(0, 0),
            False,
            "Trong kỳ, tỉnh X không có hồ sơ đã giải quyết để tính tỷ lệ giải quyết trước hạn và đúng hạn.",
        ),
        (R(0, 5), False, "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn (tỷ lệ A) của tỉnh X đạt 0,00% (0/5 hồ sơ)."),
    ],
)
def test_overall(found: Ratio, lacking: bool, said: str) -> None:
    assert ratio.overall("tỉnh X", found, lacking=lacking) == said


@pytest.mark.parametrize(
    ("aim", "lacking", "said"),
    [
        (target("95"), False, "Tỷ lệ A đạt mục tiêu từ 95% trở lên (Kế hoạch số 67/KH-UBND)."),
        (target("97"), False, "Tỷ lệ A đạt mục tiêu từ 97% trở lên (Kế hoạch số 67/KH-UBND)."),
        (target("97.01"), False, "Tỷ lệ A chưa đạt mục tiêu từ 97,01% trở lên (Kế hoạch số 67/KH-UBND)."),
        (
            target("98.5", verified=False),
            False,
            "Tỷ lệ A chưa đạt mục tiêu từ 98,5% trở lên (Kế hoạch số 67/KH-UBND; chưa đối chiếu với văn bản).",
        ),
        (
            target("95"),
            True,
            "Chưa đánh giá được so với mục tiêu từ 95% trở lên (Kế hoạch số 67/KH-UBND) vì số liệu chưa đầy đủ.",
        ),
    ],
)
def test_target(aim: Target, lacking: bool, said: str) -> None:
    assert ratio.target_sentence(NOW, aim, lacking=lacking) == said


def test_a_ratio_that_is_below_the_target_and_prints_as_it_says_so() -> None:
    said = ratio.target_sentence(R(94_999, 100_000), target("95"), lacking=False)
    assert R(94_999, 100_000).text == "95,00%"
    assert said == ("Tỷ lệ A chưa đạt mục tiêu từ 95% trở lên (Kế hoạch số 67/KH-UBND), so sánh trước khi làm tròn.")


@pytest.mark.parametrize(
    ("before", "partial", "said"),
    [
        (R(95, 100), False, "tỷ lệ A tăng 2,00 điểm phần trăm (từ 95,00% lên 97,00%)."),
        (R(99, 100), False, "tỷ lệ A giảm 2,00 điểm phần trăm (từ 99,00% xuống 97,00%)."),
        (R(970, 1000), False, "tỷ lệ A giữ nguyên 97,00%."),
        (R(970_001, 1_000_000), False, "tỷ lệ A thay đổi không đáng kể (từ 97,00% xuống 97,00%)."),
        (R(0, 0), False, ""),
        (
            R(1, 3),
            False,
            "tỷ lệ A tăng 63,67 điểm phần trăm (từ 33,33% lên 97,00%).",
        ),
        (
            R(95, 100),
            True,
            "trên các đơn vị có số liệu ở cả hai kỳ, tỷ lệ A tăng 2,00 điểm phần trăm (từ 95,00% lên 97,00%).",
        ),
    ],
)
def test_change(before: Ratio, partial: bool, said: str) -> None:
    whole = f"So với {PERIOD}, {said}" if said else ""
    assert ratio.change(NOW, before, PERIOD, partial=partial) == whole


def test_a_change_that_the_printed_figures_do_not_give_says_so() -> None:
    said = ratio.change(R(59_913, 61_984), R(966_845, 1_000_000), PERIOD, partial=False)
    assert said == (
        f"So với {PERIOD}, tỷ lệ A giảm 0,03 điểm phần trăm (từ 96,68% xuống 96,66%, tính trước khi làm tròn)."
    )


@pytest.mark.parametrize(
    ("found", "best", "lowest"),
    [
        ([], "", ""),
        (["A 9/10"], "", ""),
        (
            ["A 9/10", "B 8/10"],
            "Trong 2 xã được so sánh, xã A có tỷ lệ A cao nhất, 90,00% (9/10 hồ sơ).",
            "Trong 2 xã được so sánh, xã B có tỷ lệ A thấp nhất, 80,00% (8/10 hồ sơ).",
        ),
        (["A 9/10", "B 18/20", "C 90/100"], "Cả 3 xã được so sánh có tỷ lệ A bằng nhau: 90,00%.", ""),
        (["A 10/10", "B 20/20"], "Cả 2 xã được so sánh có tỷ lệ A bằng nhau: 100,00%.", ""),
        (
            ["A 10/10", "B 8/10", "C 20/20", "D 7/10"],
            "Trong 4 xã được so sánh, 2 đơn vị cùng có tỷ lệ A cao nhất, 100,00%: xã A (10/10) và xã C (20/20).",
            "Trong 4 xã được so sánh, xã D có tỷ lệ A thấp nhất, 70,00% (7/10 hồ sơ); tiếp theo là xã B, 80,00% (8/10"
            " hồ sơ).",
        ),
        (
            ["A 10/10", "B 9/10", "C 9/10", "D 7/10", "E 6/10", "F 5/10"],
            "Trong 6 xã được so sánh, xã A có tỷ lệ A cao nhất, 100,00% (10/10 hồ sơ); tiếp theo là xã B (9/10) và xã C"
            " (9/10), cùng 90,00%.",
            "Trong 6 xã được so sánh, xã F có tỷ lệ A thấp nhất, 50,00% (5/10 hồ sơ); tiếp theo là xã E, 60,00% (6/10"
            " hồ sơ); xã D, 70,00% (7/10 hồ sơ).",
        ),
        (
            [*(f"A{n} 10/10" for n in range(7)), "B 9/10"],
            "Trong 8 xã được so sánh, 7 đơn vị cùng có tỷ lệ A cao nhất, 100,00%.",
            "Trong 8 xã được so sánh, xã B có tỷ lệ A thấp nhất, 90,00% (9/10 hồ sơ).",
        ),
        (
            ["A 10/10", *(f"B{n} 9/10" for n in range(7))],
            "Trong 8 xã được so sánh, xã A có tỷ lệ A cao nhất, 100,00% (10/10 hồ sơ).",
            "Trong 8 xã được so sánh, 7 đơn vị cùng có tỷ lệ A thấp nhất, 90,00%.",
        ),
    ],
)
def test_best_and_lowest(found: list[str], best: str, lowest: str) -> None:
    assert ranking.best("xã", units(*found)) == best
    assert ranking.lowest("xã", units(*found)) == lowest


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (LeftOut(30), ""),
        (LeftOut(30, few=("xã A",)), "Không đưa vào so sánh: xã A, do có dưới 30 hồ sơ đã giải quyết trong kỳ."),
        (
            LeftOut(30, few=("a", "b", "c", "d"), lacking=("huyện X", "huyện Y")),
            "Không đưa vào so sánh: 4 đơn vị, do có dưới 30 hồ sơ đã giải quyết trong kỳ; huyện X và huyện Y, do chưa"
            " có đủ"
            " số liệu.",
        ),
        (LeftOut(30, part=("Sở A",)), "Không đưa vào so sánh: Sở A, do không hoạt động trọn kỳ."),
        (LeftOut(30, lacking=("huyện X",)), "Không đưa vào so sánh: huyện X, do chưa có đủ số liệu."),
    ],
)
def test_who_is_left_out(found: LeftOut, said: str) -> None:
    assert ranking.left_out(found) == said


UP, DOWN, SAME = R(98, 100), R(90, 100), R(95, 100)


@pytest.mark.parametrize(
    ("found", "rise", "fall"),
    [
        ([], "", ""),
        ([Move("xã A", SAME, R(19, 20))], "", ""),
        (
            [Move("xã A", UP, SAME), Move("xã B", DOWN, SAME), Move("xã C", SAME, SAME)],
            "tăng ở một đơn vị: xã A tăng 3,00 điểm phần trăm (từ 95,00% lên 98,00%).",
            "giảm ở một đơn vị: xã B giảm 5,00 điểm phần trăm (từ 95,00% xuống 90,00%).",
        ),
        (
            [Move("xã A", UP, SAME), Move("xã B", R(93, 100), DOWN), Move("xã C", UP, DOWN)],
            "tăng ở 3 đơn vị, nhiều nhất: xã C tăng 8,00 điểm phần trăm (từ 90,00% lên 98,00%); xã A (từ 95,00% lên"
            " 98,00%) và xã B (từ 90,00% lên 93,00%) cùng tăng 3,00 điểm phần trăm.",
            "",
        ),
        ([Move(f"xã {n}", UP, SAME) for n in range(6)], "tăng ở 6 đơn vị, nhiều nhất: 6 đơn vị cùng tăng 3,00 điểm phần"
         " trăm.", ""),
    ],
)  # fmt: skip
def test_moves(found: list[Move], rise: str, fall: str) -> None:
    assert moves.rises(PERIOD, found) == (f"So với {PERIOD}, tỷ lệ A {rise}" if rise else "")
    assert moves.falls(PERIOD, found) == (f"So với {PERIOD}, tỷ lệ A {fall}" if fall else "")


@pytest.mark.parametrize(
    ("broken", "few", "said"),
    [
        (0, 0, ""),
        (2, 0, "2 đơn vị, do đổi hệ thống."),
        (0, 3, "3 đơn vị, do có dưới 30 hồ sơ đã giải quyết ở một trong hai kỳ."),
        (2, 3, "2 đơn vị, do đổi hệ thống; 3 đơn vị, do có dưới 30 hồ sơ đã giải quyết ở một trong hai kỳ."),
    ],
)
def test_who_is_not_compared(broken: int, few: int, said: str) -> None:
    found = moves.not_compared(PERIOD, why=("đổi hệ thống",), annex="Phụ lục V", units=broken, few=few, least=30)
    assert found == (f"Không so sánh tỷ lệ A với {PERIOD}: {said}" if said else "")


def test_several_reasons_stand_in_the_annex() -> None:
    found = moves.not_compared(PERIOD, why=("đổi hệ thống", "thiếu nguồn"), annex="Phụ lục V", units=2, few=0, least=30)
    assert found == (
        f"Không so sánh tỷ lệ A với {PERIOD}: 2 đơn vị, do đứt chuỗi hoặc thiếu số liệu (lý do từng đơn vị nêu tại Phụ"
        " lục V)."
    )


def test_moves_that_the_printed_figures_do_not_give_say_so_once() -> None:
    assert moves.falls(PERIOD, [Move("xã B", R(966_588, 1_000_000), R(966_845, 1_000_000))]) == (
        f"So với {PERIOD}, tỷ lệ A giảm ở một đơn vị: xã B giảm 0,03 điểm phần trăm (từ 96,68% xuống 96,66%). Điểm phần"
        " trăm tính từ số hồ sơ, trước khi làm tròn."
    )


def late(said: str, open_overdue: int) -> Late:
    return Late(said, said, "", tally(open_overdue=open_overdue))


DAY = "14/12/2024"


@pytest.mark.parametrize(
    ("counts", "lacking", "none", "resolved", "left"),
    [
        (tally(), False, "", "", ""),
        (
            tally(on_time=5, open_in_time=2),
            False,
            "Trong kỳ không có hồ sơ giải quyết quá hạn; đến hết ngày 14/12/2024 không có hồ sơ đang giải quyết quá"
            " hạn.",
            "",
            "",
        ),
        (
            tally(on_time=5, open_overdue=1, open_in_time=3),
            True,
            "Theo số liệu đã nhận được, trong kỳ không có hồ sơ giải quyết quá hạn.",
            "",
            "Theo số liệu đã nhận được, đến hết ngày 14/12/2024 còn 1 hồ sơ đang giải quyết đã quá hạn, bằng 25,00%"
            " (1/4) số hồ sơ đang giải quyết.",
        ),
        (
            tally(overdue=5),
            False,
            "",
            "Trong kỳ có 5 hồ sơ giải quyết quá hạn, bằng 100,00% (5/5) số hồ sơ đã giải quyết.",
            "",
        ),
    ],
)
def test_overdue(counts: Tally, lacking: bool, none: str, resolved: str, left: str) -> None:
    assert overdue.none_overdue(counts, DAY, lacking=lacking) == none
    assert overdue.resolved_late(counts, lacking=lacking) == resolved
    assert overdue.open_late(counts, [late("xã A", counts.column(13))], DAY, subject="đơn vị", lacking=lacking) == left


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([late("A", 7), late("B", 0)], ", đều ở A."),
        ([late("A", 3), late("B", 4)], ", nhiều nhất ở B (4 hồ sơ) và A (3 hồ sơ)."),
        ([late(n, 2) for n in "ABC"], ", nhiều nhất ở A (2 hồ sơ), B (2 hồ sơ) và C (2 hồ sơ)."),
        ([late(n, 2) for n in "ABCDEF"], ", nhiều nhất là 6 đơn vị cùng có 2 hồ sơ."),
        ([late("A", 9), *(late(n, 2) for n in "BCDEF")], ", nhiều nhất ở A (9 hồ sơ)."),
    ],
)
def test_where_the_overdue_are(lines: list[Late], where: str) -> None:
    counts = tally(open_overdue=sum(line.open for line in lines))
    said = overdue.open_late(counts, lines, DAY, subject="đơn vị", lacking=False)
    assert said.endswith(f"số hồ sơ đang giải quyết{where}")


def test_fields_are_not_called_units() -> None:
    lines = [late(f"lĩnh vực {n}", 2) for n in "ABCDEF"]
    said = overdue.open_late(tally(open_overdue=12), lines, DAY, subject="lĩnh vực", lacking=False)
    assert said.endswith(", nhiều nhất là 6 lĩnh vực cùng có 2 hồ sơ.")


def test_on_a_part_of_the_figures_nobody_has_all_of_the_overdue() -> None:
    counts = tally(open_overdue=7, overdue=2)
    said = overdue.open_late(counts, [late("A", 7), late("B", 0)], DAY, subject="đơn vị", lacking=True)
    assert said.startswith("Theo số liệu đã nhận được, đến hết ngày 14/12/2024 còn 7 hồ sơ")
    assert overdue.resolved_late(counts, lacking=True).startswith("Theo số liệu đã nhận được, trong kỳ có 2 hồ sơ")


INDICATORS = [i for i in valid_on(date(2024, 12, 14)) if i.series.value == "forms"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            tally(received_online=6, received_in_person=4),
            [
                "Tỷ lệ hồ sơ tiếp nhận trực tuyến trên tổng số hồ sơ tiếp nhận trong kỳ đạt 60,00% (6/10 hồ sơ). Chưa"
                " có"
                " số liệu về hồ sơ nộp trực tuyến của thủ tục cung cấp dịch vụ công trực tuyến, hồ sơ nộp trực tuyến"
                " của"
                " thủ tục cung cấp dịch vụ công trực tuyến toàn trình và thanh toán trực tuyến: không hệ thống nguồn"
                " nào"
                " ghi nội dung này.",
                "Chưa có số liệu về số hóa thành phần hồ sơ và tái sử dụng dữ liệu đã số hóa: không hệ thống nguồn nào"
                " ghi nội dung này.",
            ],
        ),
        (
            tally(received_online=10, level_known=8, offered=5, offered_online=5, fee_known=10, digitised_known=10),
            [
                "Tỷ lệ hồ sơ nộp trực tuyến trên số hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến một"
                " phần"
                " hoặc toàn trình đạt 100,00% (5/5 hồ sơ), tính trên 8/10 hồ sơ mà hệ thống nguồn có ghi mức độ dịch vụ"
                " công. Trong kỳ không có hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến toàn trình, tính"
                " trên 8/10 hồ sơ mà hệ thống nguồn có ghi mức độ dịch vụ công. Không có hồ sơ có nghĩa vụ tài chính.",
                "Tỷ lệ hồ sơ được số hóa thành phần hồ sơ trên số hồ sơ tiếp nhận trong kỳ đạt 0,00% (0/10 hồ sơ).",
            ],
        ),
    ],
)
def test_digital(counts: Tally, said: list[str]) -> None:
    found = digital.paragraphs(INDICATORS, counts.counts)
    assert all(one in text for one, text in zip(said, found, strict=True)), found


def record(label: str, difference: float | None) -> dict[str, object]:
    score = {"published_score": 17.35, "our_score": 17.35 + (difference or 0), "difference": difference}
    return {"indicator": "x", "label": label, **score}


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], ""),
        ([record("Tiến độ", 0.0), record("Số hóa", None)], ""),
        (
            [record("Tiến độ", 1.84), record("Số hóa", -0.5)],
            "Điểm công bố theo chỉ số 766 khác điểm ước tính từ hồ sơ ở 2 chỉ tiêu: Tiến độ (công bố 17,35 điểm, ước"
            " tính"
            " 19,19 điểm, chênh lệch +1,84); Số hóa (công bố 17,35 điểm, ước tính 16,85 điểm, chênh lệch −0,50).",
        ),
    ],
)
def test_published(records: list[dict[str, object]], said: str) -> None:
    assert published.differing(records) == said


@pytest.mark.parametrize(
    ("counts", "received", "resolved", "left"),
    [
        (
            tally(),
            "Trong kỳ, xã A không có hồ sơ thủ tục hành chính phải giải quyết.",
            "Trong kỳ chưa có hồ sơ nào được giải quyết xong.",
            "Đến hết ngày 14/12/2024 không còn hồ sơ đang giải quyết.",
        ),
        (
            tally(carried_over=1, open_overdue=1),
            "Trong kỳ, xã A phải giải quyết 1 hồ sơ thủ tục hành chính, đều từ kỳ trước chuyển sang; không tiếp nhận"
            " hồ sơ"
            " mới.",
            "Trong kỳ chưa có hồ sơ nào được giải quyết xong.",
            "Đến hết ngày 14/12/2024 còn 1 hồ sơ đang giải quyết, đều đã quá hạn.",
        ),
        (
            tally(received_online=3, received_postal=1, early=1, on_time=2, open_in_time=1),
            "Trong kỳ, xã A phải giải quyết 4 hồ sơ thủ tục hành chính, gồm 4 hồ sơ tiếp nhận trong kỳ (trực tuyến 3,"
            " trực tiếp 0, qua dịch vụ bưu chính 1), không có hồ sơ từ kỳ trước. Tỷ lệ hồ sơ trực tuyến trên số hồ sơ"
            " tiếp nhận trong kỳ là 75,00% (3/4).",
            "Đã giải quyết 3 hồ sơ, gồm 1 hồ sơ trước hạn và 2 hồ sơ đúng hạn; không có hồ sơ quá hạn.",
            "Đến hết ngày 14/12/2024 còn 1 hồ sơ đang giải quyết, đều trong hạn.",
        ),
        (
            tally(received_online=1000, carried_over=5, overdue=1000, open_in_time=2, open_overdue=3),
            "Trong kỳ, xã A phải giải quyết 1.005 hồ sơ thủ tục hành chính, gồm 1.000 hồ sơ tiếp nhận trong kỳ (trực"
            " tuyến"
            " 1.000, trực tiếp 0, qua dịch vụ bưu chính 0) và 5 hồ sơ từ kỳ trước chuyển sang. Tỷ lệ hồ sơ trực tuyến"
            " trên số hồ sơ tiếp nhận trong kỳ là 100,00% (1.000/1.000).",
            "Đã giải quyết 1.000 hồ sơ, gồm 0 hồ sơ trước hạn, 0 hồ sơ đúng hạn và 1.000 hồ sơ quá hạn (100,00% số hồ"
            " sơ"
            " đã giải quyết).",
            "Đến hết ngày 14/12/2024 còn 5 hồ sơ đang giải quyết, gồm 2 hồ sơ trong hạn và 3 hồ sơ quá hạn.",
        ),
    ],
)
def test_results(counts: Tally, received: str, resolved: str, left: str) -> None:
    assert narrative.received_sentence(counts, "xã A", "") == received
    assert narrative.resolved_sentence(counts) == resolved
    assert narrative.open_sentence(counts, DAY) == left


def test_limits_of_the_data() -> None:
    rows = "đọc 10 dòng, chấp nhận 9, loại ra để kiểm tra 1 (10,00%)."
    assert limits.sources(0, 0, "") == "Chưa khai báo nguồn số liệu hồ sơ."
    assert limits.sources(0, 3, "") == "Chưa nhận được số liệu hồ sơ của nguồn nào (0/3 nguồn)."
    assert limits.sources(2, 3, rows) == f"Số liệu hồ sơ tổng hợp từ 2/3 nguồn: {rows}"
    assert limits.unverified([]) == ""
    assert limits.unverified(["mục tiêu"]) == ("Nội dung khai báo chưa đối chiếu được với văn bản gốc: mục tiêu.")
    counts = tally(received_online=10, level_known=8, digitised_known=10, reused_known=10, fee_known=10).counts
    assert limits.partly_told(INDICATORS, counts) == (
        "Hệ thống nguồn chỉ ghi ở một phần hồ sơ: mức độ dịch vụ công (8/10 hồ sơ); tỷ lệ liên quan chỉ tính trên"
        " phần đó."
        " Không hệ thống nguồn nào ghi: kênh trả kết quả; nội dung liên quan chưa có số liệu."
    )
    assert limits.partly_told(INDICATORS, tally().counts) == ""
