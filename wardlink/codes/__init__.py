"""What a code on a wristband, a badge, a bed, a bag, a device or a drug's pack means. Pure: no clock, no I/O.

The cart hands everything that a scanner has read to `wardlink.codes.reading.read_code`; `wardlink labels` prints what
`wardlink.codes.kinds` writes.
"""
