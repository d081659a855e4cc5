"""Digitisation item of the 766 index: dossiers with an electronic result among those resolved, on its calendar months.
Which dossiers stand in its base is not verified."""

from datetime import date

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="ORIGINAL_RESULT_AVAILABLE",
    label="Hồ sơ có kết quả giải quyết điện tử trên số hồ sơ đã giải quyết trong kỳ của bộ chỉ số",
    area=6,
    unit="%",
    numerator=("result_electronic",),
    denominator=("result_known",),
    series=Series.INDEX,
    direction="higher",
    regulation=(
        "Nhóm chỉ tiêu số hóa hồ sơ, Quyết định 766/QĐ-TTg ngày 23/6/2022; mẫu số theo cách tính của chương "
        "trình, chưa kiểm chứng"
    ),
    formula="kết quả điện tử/(7)",
    formula_version="766-2022",
    valid_from=date(2022, 6, 23),
)
