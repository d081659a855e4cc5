"""How many dossiers were resolved late; column (10) of form II.06."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="RESOLVED_OVERDUE",
    label="Số hồ sơ giải quyết quá hạn",
    area=2,
    unit="hồ sơ",
    numerator=("overdue",),
    series=Series.FORMS,
    direction="lower",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(10)",
    formula_version="1",
)
