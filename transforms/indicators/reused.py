"""Dossiers with digitised data used again among those received in the period, where the source tells of it."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="REUSED",
    label="Tỷ lệ hồ sơ được tái sử dụng dữ liệu đã số hóa trên số hồ sơ tiếp nhận trong kỳ",
    area=6,
    unit="%",
    numerator=("reused",),
    denominator=("reused_known",),
    series=Series.FORMS,
    direction="higher",
    regulation="Thông tư 01/2023/TT-VPCP về số hóa hồ sơ; cách tính của chương trình",
    formula="tái sử dụng/(4 + 5)",
    formula_version="1",
)
