"""WeChat Pay, API v3, Native, behind the payment port."""
