"""How many dossiers came in online; column (4) of form II.06. Added up over the periods, with an opening balance, it is
what a province has taken in since it began."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="RECEIVED_ONLINE",
    label="Số hồ sơ tiếp nhận trực tuyến trong kỳ",
    area=6,
    unit="hồ sơ",
    numerator=("received_online",),
    series=Series.FORMS,
    direction="higher",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(4)",
    formula_version="1",
)
