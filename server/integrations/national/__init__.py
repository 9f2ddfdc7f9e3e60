"""The national insurance platform (定点医药机构接口规范) behind the port of `server.insurance`."""
