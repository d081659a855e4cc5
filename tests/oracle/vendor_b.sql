-- Vendor B: two tables, statuses in words, dd/MM/yyyy HH:mm, units under numbers of its own.
CREATE TEMP TABLE written AS
SELECT t.*, x.TINH_TRANG,
       substr(NGAY_NHAN, 7, 4) || '-' || substr(NGAY_NHAN, 4, 2) || '-' || substr(NGAY_NHAN, 1, 2) AS nhan,
       substr(NGAY_HEN, 7, 4) || '-' || substr(NGAY_HEN, 4, 2) || '-' || substr(NGAY_HEN, 1, 2) AS hen,
       substr(x.NGAY_XONG, 7, 4) || '-' || substr(x.NGAY_XONG, 4, 2) || '-' || substr(x.NGAY_XONG, 1, 2) AS xong,
       substr(x.NGAY_TRA, 7, 4) || '-' || substr(x.NGAY_TRA, 4, 2) || '-' || substr(x.NGAY_TRA, 1, 2) AS tra,
       substr(NGAY_HUY, 7, 4) || '-' || substr(NGAY_HUY, 4, 2) || '-' || substr(NGAY_HUY, 1, 2) AS huy,
       x.NGAY_XONG, x.NGAY_TRA
FROM system.TIEP_NHAN AS t LEFT JOIN system.XU_LY AS x ON x.TIEP_NHAN_ID = t.BIEN_NHAN_ID;

CREATE TEMP TABLE dossier AS
SELECT BIEN_NHAN_ID AS place,
       NULLIF(trim(SO_BIEN_NHAN), '') AS code,
       NULLIF(trim(MA_THU_TUC), '') AS procedure_code,
       NULLIF(trim(LINH_VUC), '') AS own_field,
       CAST(DON_VI_ID AS TEXT) AS local_unit,
       CASE TINH_TRANG
           WHEN 'Chờ tiếp nhận' THEN 'not received' WHEN 'Từ chối tiếp nhận' THEN 'not received'
           WHEN 'Đã tiếp nhận' THEN 'open' WHEN 'Đang giải quyết' THEN 'open'
           WHEN 'Chờ bổ sung' THEN 'paused' WHEN 'Chờ nộp phí' THEN 'paused'
           WHEN 'Rút hồ sơ' THEN 'withdrawn' WHEN 'Dừng giải quyết' THEN 'stopped'
           WHEN 'Đã có kết quả' THEN 'done' WHEN 'Đã trả kết quả' THEN 'done'
       END AS state,
       CASE HINH_THUC_NOP WHEN 'Trực tiếp' THEN 'in_person' WHEN 'Qua mạng' THEN 'online'
                          WHEN 'Bưu điện' THEN 'postal' END AS channel,
       CASE WHEN date(nhan) = nhan THEN nhan WHEN NGAY_NHAN <> '' THEN '?' END AS r,
       CASE WHEN date(hen) = hen THEN hen WHEN NGAY_HEN <> '' THEN '?' END AS d,
       CASE WHEN date(xong) = xong THEN xong WHEN NGAY_XONG <> '' THEN '?' END AS e,
       CASE WHEN date(tra) = tra THEN tra WHEN NGAY_TRA <> '' THEN '?' END AS returned,
       CASE WHEN date(huy) = huy THEN huy WHEN NGAY_HUY <> '' THEN '?' END AS deleted,
       CASE MUC_DO WHEN '2' THEN 'information' WHEN '3' THEN 'partial' WHEN '4' THEN 'full' END AS level,
       CASE HINH_THUC_TRA WHEN 'Tại quầy' THEN 'in_person' WHEN 'Qua mạng' THEN 'online'
                          WHEN 'Bưu điện' THEN 'postal' END AS result_sent,
       1 AS keeps_result_sent,
       LIEN_THONG = 'Có' AS linked, CO_THU_PHI = 'Có' AS fee, NOP_PHI IN ('Cổng DVCQG', 'Cổng tỉnh') AS paid,
       KQ_DIEN_TU = 'Có' AS electronic, SO_HOA = 'Có' AS digitised, NULL AS reused,
       CAST(NULLIF(SO_NGAY_QD, '') AS INTEGER) AS limit_days,
       json_array(MUC_DO, LIEN_THONG, CO_THU_PHI, NOP_PHI, HINH_THUC_TRA, KQ_DIEN_TU, SO_HOA, SO_NGAY_QD) AS other_facts
FROM written;

CREATE TEMP TABLE pause AS
SELECT SO_BIEN_NHAN AS code,
       substr(TU_NGAY, 7, 4) || '-' || substr(TU_NGAY, 4, 2) || '-' || substr(TU_NGAY, 1, 2) AS begun,
       CASE WHEN DEN_NGAY <> ''
            THEN substr(DEN_NGAY, 7, 4) || '-' || substr(DEN_NGAY, 4, 2) || '-' || substr(DEN_NGAY, 1, 2) END AS over
FROM system.TAM_DUNG;
