"""Dossiers with an electronic result among those resolved in the period, where the source tells of it."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="RESULT_ELECTRONIC",
    label="Tỷ lệ hồ sơ có kết quả giải quyết điện tử trên số hồ sơ đã giải quyết trong kỳ",
    area=6,
    unit="%",
    numerator=("result_electronic",),
    denominator=("result_known",),
    series=Series.FORMS,
    direction="higher",
    regulation="Thông tư 01/2023/TT-VPCP về số hóa hồ sơ; cách tính của chương trình",
    formula="kết quả điện tử/(7)",
    formula_version="1",
)
