"""Ratio A: what the press calls «đúng và trước hạn»; columns (8) + (9) over (7) of form II.06."""

from contracts.codes import Series
from contracts.columns import RESOLVED
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="ON_TIME_RESOLVED",
    label="Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn trên tổng số hồ sơ đã giải quyết",
    area=2,
    unit="%",
    numerator=("early", "on_time"),
    denominator=RESOLVED,
    series=Series.FORMS,
    direction="higher",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(8 + 9)/(7)",
    formula_version="1",
    mark="A",
    by_field=True,
)
