"""Files that units send: workbooks and CSV, on this machine, an SFTP server or an S3 store."""
