"""A local gateway that speaks Alipay's gateway.do with RSA2, face-to-face precreate; no money."""
