"""The quality page: its words, its numbers, what it hides, and that a browser needs nothing beside it."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from xml.etree.ElementTree import Element

import pandas as pd
import pytest

from contracts.codes import PartitionState, Severity
from expectations.suites import SUITES
from reporting.quality.build import build_page, named_rules
from reporting.quality.inputs import QualityInput
from reporting.quality.render import to_html
from reporting.quality.words import OTHER, SUBJECTS
from tests.reporting.quality.page_reader import HTML, by_name, parsed, table, text_of
from tests.reporting.quality.sample import FINDING_COLUMNS, finding, named, no_findings, quality_input

CODE = re.compile(r"-\d{6}-\d{4,}")


@cache
def large() -> QualityInput:
    return quality_input()


@cache
def html(*, with_codes: bool = False) -> str:
    return to_html(build_page(large(), with_codes=with_codes))


@pytest.fixture(scope="module")
def document() -> Element:
    return parsed(html())


def one_source(findings: list[tuple[str, int]], *, rows: int = 1_000, aside: int = 10) -> QualityInput:
    """A single source with those findings: rule and number."""
    given = quality_input(sources=1, quarters=2)
    source = given.sources[0]
    told = pd.DataFrame([finding(source.id, rule, n) for rule, n in findings], columns=FINDING_COLUMNS)
    now = replace(source.now, rows=rows, accepted=rows - aside, quarantined=aside, broken=len(findings))
    changed = replace(
        source,
        name="Một cửa Cam Lâm",
        now=now,
        rows_checked=rows,
        findings=told if findings else no_findings(),
        rejected=source.rejected.iloc[:aside],
        trend=(*source.trend[:-1], now),
    )
    return replace(given, sources=(changed,))


def shown(given: QualityInput, *, with_codes: bool = False) -> Element:
    return parsed(to_html(build_page(given, with_codes=with_codes)))


# What it says


def test_the_first_sentence_says_how_far_the_figures_can_be_trusted() -> None:
    page = build_page(one_source([("dates.readable", 10)]), with_codes=False)
    assert page.verdict == (
        "Số liệu đủ 1/1 nguồn: đã đọc 1.000 dòng hồ sơ, chấp nhận 990 (99,00%), loại ra chưa tính 10 (1,00%);"
        " không thiếu nguồn nào."
    )
    assert page.complete


def test_what_is_missing_is_said_first_and_with_whom_to_call() -> None:
    page = build_page(large(), with_codes=False)
    assert "CHƯA ĐỦ, mới có 28/30 nguồn" in page.verdict
    assert [gap.name in page.verdict for gap in page.gaps] == [True, True]
    assert "LỖI" in page.gaps[0].text
    assert "CHƯA NHẬN ĐƯỢC" in page.gaps[1].text
    assert all("0258.000.0000" in gap.contact for gap in page.gaps)
    assert not page.complete


def test_no_source_at_all_is_not_a_page_of_zeros() -> None:
    given = quality_input(sources=4)
    nothing = {name: getattr(given, name).iloc[:0] for name in ("elsewhere", "not_continued", "changed")}
    given = replace(given, sources=given.sources[2:], **nothing)
    page = build_page(given, with_codes=False)
    assert page.verdict.startswith("Chưa dùng được: chưa có số liệu của nguồn nào trong 2 nguồn")
    assert [figure.value for figure in page.figures] == ["0/2", "–", "–", "–", "0"]


def test_rows_that_do_not_add_up_make_no_page() -> None:
    given = one_source([])
    wrong = replace(given.sources[0], now=replace(given.sources[0].now, accepted=1))
    with pytest.raises(AssertionError, match="accepted"):
        build_page(replace(given, sources=(wrong,)), with_codes=False)


def test_a_period_that_still_runs_is_said_to_be_provisional() -> None:
    given = one_source([])
    page = build_page(replace(given, as_of=given.period.cut_off.replace(day=1)), with_codes=False)
    assert page.verdict.startswith("Số liệu tạm tính đến hết ngày 01/12/2024, đủ 1/1 nguồn")


def test_a_share_stands_with_its_counts_and_its_movement_in_words() -> None:
    given = one_source([("dates.readable", 10)])
    before = replace(given.sources[0].now, period_id="2024Q3", rows=500, accepted=500, quarantined=0)
    source = replace(given.sources[0], trend=(before, given.sources[0].now))
    row = by_name(shown(replace(given, sources=(source,))), "bang-nguon")["Một cửa Cam Lâm"]
    assert row[2:5] == ["1.000", "990", "10"]
    assert row[5] == "1,00% | 10/1.000"
    assert row[6] == "▲ tăng 1,00 điểm % | kỳ trước 0,00% (0/500)"
    assert row[7].startswith("N1 – Có ô ngày không đọc được")


def test_what_another_system_counts_is_no_mistake() -> None:
    given = one_source([("across.received_here", 2), ("dates.readable", 1), ("dates.due_present", 1)], aside=3)
    rules = ["across.received_here", "across.received_here,dates.due_present", "across.received_here,dates.readable"]
    source = replace(given.sources[0], rejected=given.sources[0].rejected.assign(rules=rules))
    text = text_of(shown(replace(given, sources=(source,))))
    assert "Trong số loại ra có 2 dòng được tính ở hệ thống khác" in text
    assert "được tính ở hệ thống khác, không phải" not in text_of(shown(one_source([])))


def test_what_another_system_counts_is_not_the_worst_of_a_source() -> None:
    row = by_name(shown(one_source([("across.received_here", 5), ("dates.readable", 1)], aside=6)), "bang-nguon")
    assert row["Một cửa Cam Lâm"][7].startswith("N1")


def test_an_error_is_worse_than_a_warning_of_more_rows() -> None:
    row = by_name(shown(one_source([("dates.due_present", 900), ("dates.readable", 1)])), "bang-nguon")
    assert row["Một cửa Cam Lâm"][7].startswith("N1")


# Sources by rules


def test_the_matrix_has_each_number_where_it_belongs(document: Element) -> None:
    rules = named_rules(large())
    matrices = [table(document, id_) for id_ in ("ma-tran-loi", "ma-tran-canh-bao")]
    for rows in matrices:
        heads = [head.split(":")[0].strip() for head in rows[1]]
        for source, row in zip(large().sources, rows[2:-1], strict=True):
            expected = dict(zip(source.findings["rule_id"], source.findings["rows"], strict=True))
            for short, text in zip(heads[1:], row[1:], strict=True):
                rule = next(rule for rule in rules.values() if rule.short == short)
                number = f"{int(expected.get(rule.id, 0)):,}".replace(",", ".")
                assert text == (number if source.checked else "–"), (source.id, rule.id)


def test_errors_and_warnings_stand_apart_and_no_rule_that_all_kept() -> None:
    document = shown(one_source([("dates.readable", 1), ("dates.due_present", 2)]))
    assert [row[1].split(":")[0].strip() for row in table(document, "ma-tran-loi")[1:]] == ["N1", "1", "1"]
    assert [row[1].split(":")[0].strip() for row in table(document, "ma-tran-canh-bao")[1:]] == ["N6", "2", "2"]


def test_the_shade_is_of_the_share_and_the_number_stands_beside_it() -> None:
    findings = [("dates.readable", 50), ("dates.received_present", 49), ("statuses.channel_known", 1)]
    text = to_html(build_page(one_source(findings), with_codes=False))
    assert '<td class="cell s4">50</td>' in text  # 5 % and more
    assert '<td class="cell s3">49</td>' in text
    assert '<td class="cell s2">1</td>' in text  # 0,1 %


def test_a_number_of_units_is_no_share_of_rows() -> None:
    document = shown(one_source([("continuity.carried_over", 2), ("dates.due_present", 3)]))
    found = {row[0]: row[-2:] for row in table(document, "nguon-1-phat-hien")}
    assert found["L1"] == ["2 đơn vị", "–"]
    assert found["N6"] == ["3 dòng", "0,30% | 3/1.000"]


def test_a_rule_that_is_no_longer_known_is_told_all_the_same() -> None:
    given = one_source([("dates.readable", 4)])
    told = given.sources[0].findings.assign(rule_id="old.rule", sentence="Quy tắc của bản cũ; đề nghị xem lại.")
    document = shown(replace(given, sources=(replace(given.sources[0], findings=told),)))
    assert table(document, "ma-tran-loi")[2][1] == "4"
    assert ["X1", "Quy tắc của bản cũ; đề nghị xem lại.", "1", "4 dòng"] in table(document, "chu-giai")


def test_every_subject_has_a_letter_of_its_own() -> None:
    assert set(SUBJECTS) == set(SUITES)
    letters = [letter for letter, _ in (*SUBJECTS.values(), OTHER)]
    assert len(letters) == len(set(letters))


def test_every_rule_is_explained(document: Element) -> None:
    text = text_of(document)
    for rules in SUITES.values():
        for rule in rules:
            assert rule.sentence in text
            assert rule.id in text


def test_nothing_found_is_said(tmp_path: object) -> None:
    given = one_source([], aside=0)
    text = text_of(shown(replace(given, sources=(replace(given.sources[0], warned=given.sources[0].rejected),))))
    assert "Không có vi phạm nào ở các nguồn đã kiểm tra." in text


# The last periods


def test_the_lines_have_a_dot_for_each_known_period_and_a_table_beneath(document: Element) -> None:
    drawings = [svg for svg in document.iter() if svg.tag.endswith("}svg")]
    assert len(drawings) == 2 * 30
    for source, svg in zip(large().sources, drawings[::2], strict=True):
        dots = [e for e in svg if e.tag.endswith("}circle")]
        assert len(dots) == sum(c is not None and c.loaded for c in source.trend)
        assert svg.get("role") == "img"
        label = svg.get("aria-label") or ""
        assert label.count(";") == 7
        assert label.count("chưa có") == 8 - len(dots)
    rows = table(document, "bang-xu-huong")
    assert [head for head in rows[0] if head][:: 8 - 1] == ["Quý I/2023", "Quý IV/2024"]
    first = large().sources[0].now
    assert rows[2][-2].endswith(f"{first.quarantined}/{first.rows:,}".replace(",", "."))


def test_a_first_period_has_no_trend() -> None:
    given = one_source([])
    source = replace(given.sources[0], trend=given.sources[0].trend[-1:])
    document = shown(replace(given, sources=(source,), periods=given.periods[-1:]))
    assert "chưa có kỳ nào trước kỳ này" in text_of(document)
    assert by_name(document, "bang-nguon")["Một cửa Cam Lâm"][6] == "– | kỳ trước chưa có số liệu"


# What it hides


def test_no_code_of_a_dossier_stands_on_the_page_unless_it_may() -> None:
    assert not CODE.search(html())
    assert "cột NGAY_XONG, khóa" not in html(), "the key at the source may be the code"
    assert "••••" in html()
    found = CODE.findall(html(with_codes=True))
    assert len(found) > 100
    assert "chỉ người được giao sửa hồ sơ được xem" in html(with_codes=True)


def test_masked_dossiers_are_counted_whole() -> None:
    """Nothing is lost, and no order of theirs is left, by their being put together."""
    given = large()
    document = parsed(html())
    for number, source in enumerate(given.sources, start=1):
        if source.rejected.empty:
            continue
        rows = table(document, f"nguon-{number}-loai")
        listed = html().split(f'<caption id="nguon-{number}-loai">')[1]
        notes = re.match(r'.*?</div>\s*<p class="note">Còn ([\d.]+) hồ sơ', listed.split("<caption")[0], re.S)
        more = int(notes[1].replace(".", "")) if notes else 0
        assert sum(int(row[3]) for row in rows[1:]) + more == len(source.rejected)
    reverse = tuple(replace(s, rejected=s.rejected.iloc[::-1], warned=s.warned.iloc[::-1]) for s in given.sources)
    assert to_html(build_page(replace(given, sources=reverse), with_codes=False)) == html()


def test_what_is_no_code_is_never_repeated() -> None:
    given = one_source([("dates.readable", 1)], aside=1)
    rejected = given.sources[0].rejected.assign(dossier_code="Nguyễn Thị Hoa")
    given = replace(given, sources=(replace(given.sources[0], rejected=rejected),))
    for with_codes in (False, True):
        assert "Nguyễn Thị Hoa" not in to_html(build_page(given, with_codes=with_codes))


def test_who_answers_for_a_correction_is_not_named() -> None:
    assert "Đính chính của tỉnh" in html()
    assert "Nguyễn Thị Hoa" not in html()
    assert "Nguyễn Thị Hoa" not in html(with_codes=True)


@pytest.mark.parametrize("with_codes", [False, True])
def test_text_of_a_source_is_never_markup(with_codes: bool) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;'
    given = named(large(), evil)
    first, *others = given.sources
    broken = first.rejected.assign(cells=evil, dossier_code="H1<b>2</b>", rules="dates.readable")
    told = first.findings.assign(sentence=f"{evil}; đề nghị sửa.")
    given = replace(given, sources=(replace(first, rejected=broken, findings=told, contact=evil), *others))
    text = to_html(build_page(given, with_codes=with_codes))
    document = parsed(text)
    assert not [e for e in document.iter() if e.tag in {f"{HTML}script", f"{HTML}img", f"{HTML}b<"}]
    assert "<script" not in text
    assert "alert(1)" in text_of(document)


# That nothing else is needed


def test_nothing_is_fetched_and_nothing_runs(document: Element) -> None:
    for forbidden in ("http://", "https://", "url(", "@import", "<script", "javascript:", " style=", "data:"):
        assert forbidden not in html(), forbidden
    assert not [name for e in document.iter() for name, _ in e.items() if name.startswith("on")]
    assert not [e for e in document.iter() if {"src", "srcset", "xlink:href"} & {name for name, _ in e.items()}]
    assert all(a.get("href", "").startswith("#") for a in document.iter(f"{HTML}a"))


def test_its_own_policy_lets_its_own_style_through_and_nothing_else(document: Element) -> None:
    (style,) = document.iter(f"{HTML}style")
    said = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    policies = [m.get("content", "") for m in document.iter(f"{HTML}meta") if m.get("http-equiv")]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{said}'; base-uri 'none'; form-action 'none'",
    ]


def test_every_place_that_is_pointed_to_is_there_once(document: Element) -> None:
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    pointed = {(e.get("href") or "#")[1:] for e in document.iter(f"{HTML}a")}
    labels = {e.get("aria-labelledby") for e in document.iter() if e.get("aria-labelledby")}
    assert pointed | labels <= set(ids)


def test_it_can_be_read_without_seeing_it(document: Element) -> None:
    assert document.get("lang") == "vi"
    first_link = next(document.iter(f"{HTML}a"))
    assert (first_link.get("href"), first_link.get("class")) == ("#noi-dung", "skip")
    for each in document.iter(f"{HTML}table"):
        assert each.find(f"{HTML}caption") is not None
        assert all(th.get("scope") in {"col", "row", "colgroup"} for th in each.iter(f"{HTML}th"))
    boxes = [e for e in document.iter(f"{HTML}div") if e.get("class") == "box"]
    assert boxes
    assert all(box.get("tabindex") == "0" and box.get("role") == "region" for box in boxes)


def test_a_large_province_stays_a_small_file() -> None:
    assert len(html().encode()) < 700_000


def test_the_same_data_give_the_same_bytes_in_any_process() -> None:
    script = (
        "import sys, hashlib; from tests.reporting.quality.sample import quality_input;"
        "from reporting.quality.build import build_page; from reporting.quality.render import to_html;"
        "print(hashlib.sha256(to_html(build_page(quality_input(), with_codes=False)).encode()).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(html().encode()).hexdigest()


def test_great_expectations_is_not_loaded() -> None:
    script = "import sys, flows.quality, reporting.quality.render; print('great_expectations' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_the_sample_has_what_is_tested() -> None:
    states = {source.now.state for source in large().sources}
    assert states == {PartitionState.LOADED, PartitionState.FAILED, PartitionState.NOT_RECEIVED}
    severities = {severity for s in large().sources for severity in s.findings["severity"]}
    assert severities == {str(Severity.ERROR), str(Severity.WARNING)}
    assert len({rule for s in large().sources for rule in s.findings["rule_id"]}) == 25
