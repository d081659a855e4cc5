"""Codes stand in their catalogues and have their published form."""

from __future__ import annotations

from contracts.codes import Severity
from expectations.evidence import PROCEDURE_CODE
from expectations.rules import Given, Rule, matches, matches_any, not_before, one_of, true

RULES = (
    Rule(
        "codes.agency_known",
        Severity.ERROR,
        one_of("agency_code", Given.AGENCIES),
        "Cơ quan tiếp nhận không có trong danh mục cơ quan của tỉnh; đề nghị sửa mã cơ quan trên hệ thống, "
        "hoặc báo đơn vị vận hành bổ sung bảng quy đổi cơ quan.",
        "agency_codes",
        about=("agency",),
    ),
    Rule(
        "codes.agency_in_office",
        Severity.ERROR,
        true("agency_in_office"),
        "Cơ quan tiếp nhận chưa thành lập hoặc đã kết thúc hoạt động vào ngày tiếp nhận; đề nghị kiểm tra cơ quan "
        "và ngày tiếp nhận.",
        "agency_codes",
        about=("agency", "received_date"),
    ),
    Rule(
        "codes.responsible",
        Severity.ERROR,
        true("responsible", where="received"),
        "Hồ sơ thuộc thủ tục hoặc kênh tiếp nhận đã giao cho hệ thống khác nên không được tính ở nguồn này; đề nghị "
        "đơn vị vận hành kiểm tra phân công, hoặc chỉ đọc phần hồ sơ được giao.",
        about=("procedure_code", "channel"),
    ),
    Rule(
        "codes.dossier_code_form",
        Severity.WARNING,
        matches_any("dossier_code", Given.DOSSIER_CODE_PATTERNS),
        "Mã hồ sơ không đúng cấu trúc (mã cơ quan - năm tháng ngày - số thứ tự); đề nghị kiểm tra cách cấp mã.",
        "one_stop",
    ),
    Rule(
        "codes.dossier_code_day",
        Severity.WARNING,
        not_before("received_date", "code_date"),
        "Ngày ghi trong mã hồ sơ muộn hơn ngày tiếp nhận; đề nghị kiểm tra ngày tiếp nhận có bị sửa hay không.",
        "one_stop",
        about=("dossier_code", "received_date"),
    ),
    Rule(
        "codes.procedure_code_form",
        Severity.WARNING,
        matches("procedure_code", PROCEDURE_CODE),
        "Mã thủ tục hành chính không đúng cấu trúc của Cơ sở dữ liệu quốc gia về thủ tục hành chính; đề nghị sửa "
        "theo danh mục đã công bố.",
    ),
    Rule(
        "codes.procedure_known",
        Severity.WARNING,
        one_of("procedure_code", Given.PROCEDURES, where="procedure_well_formed"),
        "Mã thủ tục hành chính không có trong danh mục của tỉnh; đề nghị sửa mã, hoặc báo đơn vị vận hành bổ sung "
        "danh mục.",
    ),
    Rule(
        "codes.served_online",
        Severity.WARNING,
        true("serves_online", where="filed_online"),
        "Thủ tục chỉ cung cấp thông tin trực tuyến nhưng hồ sơ ghi nộp trực tuyến; đề nghị kiểm tra kênh tiếp nhận "
        "và mức độ dịch vụ công.",
        "service_levels",
        about=("service_level", "channel"),
    ),
)
