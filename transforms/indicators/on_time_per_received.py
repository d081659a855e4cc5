"""Ratio C, as some press reports give it: resolved in time over received in the period.

What is left to 100 % is not overdue: it is open, or it came in an earlier period; and the ratio can pass
100 %. It is never printed without its label.
"""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="ON_TIME_PER_RECEIVED",
    label="Số hồ sơ giải quyết trước hạn và đúng hạn so với số hồ sơ tiếp nhận trong kỳ",
    area=2,
    unit="%",
    numerator=("early", "on_time"),
    denominator=("received_online", "received_in_person", "received_postal"),
    series=Series.FORMS,
    direction="higher",
    regulation="Cách tính của báo chí, không phải tỷ lệ của biểu mẫu",
    formula="(8 + 9)/(4 + 5)",
    formula_version="1",
    mark="C",
)
