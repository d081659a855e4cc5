"""Share of results sent by post among those resolved in the period whose channel of return is known."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="RETURNED_BY_POST",
    label="Tỷ lệ hồ sơ trả kết quả qua dịch vụ bưu chính công ích trên số hồ sơ đã giải quyết rõ kênh trả kết quả",
    area=2,
    unit="%",
    numerator=("returned_by_post",),
    denominator=("returned_known",),
    series=Series.FORMS,
    direction="none",
    regulation="Cách tính của chương trình; chưa có văn bản quy định",
    formula="trả qua bưu chính/(7) rõ kênh trả",
    formula_version="1",
)
