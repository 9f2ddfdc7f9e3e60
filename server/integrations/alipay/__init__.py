"""Alipay, face-to-face precreate, behind the payment port."""
