"""Reading back the forms (phiếu báo cáo) that units filled in."""
