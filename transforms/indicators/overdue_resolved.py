"""Overdue rate: column (10) over (7) of form II.06; 100 % less ratio A."""

from contracts.codes import Series
from contracts.columns import RESOLVED
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="OVERDUE_RESOLVED",
    label="Tỷ lệ hồ sơ giải quyết quá hạn trên tổng số hồ sơ đã giải quyết",
    area=2,
    unit="%",
    numerator=("overdue",),
    denominator=RESOLVED,
    series=Series.FORMS,
    direction="lower",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(10)/(7)",
    formula_version="1",
)
