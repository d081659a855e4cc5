"""How many dossiers were resolved; column (7) of form II.06."""

from contracts.codes import Series
from contracts.columns import RESOLVED
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="RESOLVED",
    label="Số hồ sơ đã giải quyết trong kỳ",
    area=2,
    unit="hồ sơ",
    numerator=RESOLVED,
    series=Series.FORMS,
    direction="none",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(7)",
    formula_version="1",
)
