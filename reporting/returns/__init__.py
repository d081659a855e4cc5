"""The forms (phiếu báo cáo) that units fill in, and what their answers come to."""
