"""The temperature chart (体温单): a week of a stay as points, lines and words on a grid.

Pure geometry: what is known of the stay goes in (`facts`), a `Page` in grid units comes out (`layout`), and a
screen or a printer puts it on cells or paper. So both show the same chart, and a test can check its numbers.
"""
