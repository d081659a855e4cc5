"""Ratio B on the forms' days: open dossiers count, too; columns (8) + (9) + (12) over (3) of form II.06."""

from contracts.codes import Series
from contracts.columns import OPEN, RESOLVED
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="HANDLED_ON_TIME",
    label="Tỷ lệ hồ sơ không quá hạn (đã giải quyết và đang giải quyết) trên tổng số hồ sơ nhận giải quyết",
    area=2,
    unit="%",
    numerator=("early", "on_time", "open_in_time"),
    denominator=(*RESOLVED, *OPEN),
    series=Series.FORMS,
    direction="higher",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(8 + 9 + 12)/(3)",
    formula_version="1",
    mark="B",
)
