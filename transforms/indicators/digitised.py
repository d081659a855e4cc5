"""Dossiers with their papers digitised among those received in the period, where the source tells of it."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="DIGITISED",
    label="Tỷ lệ hồ sơ được số hóa thành phần hồ sơ trên số hồ sơ tiếp nhận trong kỳ",
    area=6,
    unit="%",
    numerator=("digitised",),
    denominator=("digitised_known",),
    series=Series.FORMS,
    direction="higher",
    regulation="Thông tư 01/2023/TT-VPCP về số hóa hồ sơ; cách tính của chương trình",
    formula="số hóa/(4 + 5)",
    formula_version="1",
)
