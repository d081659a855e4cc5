"""Digitisation item of the 766 index: dossiers with their papers digitised among those received, on its calendar
months. Which dossiers stand in its base is not verified."""

from datetime import date

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="SO_HOA_GIAY_TO_GIAI_QUYET",
    label="Hồ sơ được số hóa thành phần hồ sơ trên số hồ sơ tiếp nhận trong kỳ của bộ chỉ số",
    area=6,
    unit="%",
    numerator=("digitised",),
    denominator=("digitised_known",),
    series=Series.INDEX,
    direction="higher",
    regulation=(
        "Nhóm chỉ tiêu số hóa hồ sơ, Quyết định 766/QĐ-TTg ngày 23/6/2022; mẫu số theo cách tính của chương "
        "trình, chưa kiểm chứng"
    ),
    formula="số hóa/(4 + 5)",
    formula_version="766-2022",
    valid_from=date(2022, 6, 23),
)
