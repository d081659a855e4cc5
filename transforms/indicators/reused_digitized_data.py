"""Digitisation item of the 766 index: dossiers with digitised data used again among those received, on its calendar
months. Which dossiers stand in its base is not verified."""

from datetime import date

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="REUSED_DIGITIZED_DATA",
    label="Hồ sơ được tái sử dụng dữ liệu đã số hóa trên số hồ sơ tiếp nhận trong kỳ của bộ chỉ số",
    area=6,
    unit="%",
    numerator=("reused",),
    denominator=("reused_known",),
    series=Series.INDEX,
    direction="higher",
    regulation=(
        "Nhóm chỉ tiêu số hóa hồ sơ, Quyết định 766/QĐ-TTg ngày 23/6/2022; mẫu số theo cách tính của chương "
        "trình, chưa kiểm chứng"
    ),
    formula="tái sử dụng/(4 + 5)",
    formula_version="766-2022",
    valid_from=date(2022, 6, 23),
)
