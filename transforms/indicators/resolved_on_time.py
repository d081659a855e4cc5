"""How many dossiers were resolved early or on time; columns (8) + (9) of form II.06."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="RESOLVED_ON_TIME",
    label="Số hồ sơ giải quyết trước hạn và đúng hạn",
    area=2,
    unit="hồ sơ",
    numerator=("early", "on_time"),
    series=Series.FORMS,
    direction="none",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(8 + 9)",
    formula_version="1",
)
