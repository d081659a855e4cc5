"""How many dossiers came in; columns (4) + (5) of form II.06."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="RECEIVED",
    label="Số hồ sơ tiếp nhận trong kỳ",
    area=2,
    unit="hồ sơ",
    numerator=("received_online", "received_in_person", "received_postal"),
    series=Series.FORMS,
    direction="none",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(4 + 5)",
    formula_version="1",
)
