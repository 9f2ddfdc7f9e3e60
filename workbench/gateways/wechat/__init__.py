"""A local gateway that speaks WeChat Pay API v3, Native: real signatures, encryption and errors; no money."""
