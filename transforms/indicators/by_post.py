"""Dossiers that used the post on either way: two fields of a dossier, which counts once."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="BY_POST",
    label="Số hồ sơ tiếp nhận hoặc trả kết quả qua dịch vụ bưu chính công ích (mỗi hồ sơ tính một lần)",
    area=2,
    unit="hồ sơ",
    numerator=("by_post",),
    series=Series.FORMS,
    direction="higher",
    regulation="Cách tính của chương trình; chưa có văn bản quy định",
    formula="nộp qua bưu chính trong kỳ hoặc giải quyết trong kỳ và trả qua bưu chính",
    formula_version="1",
)
