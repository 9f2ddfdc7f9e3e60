"""What the screens of the cart and of the bed share: cells, curves, and the way into a browser.

cells          widths of text with Chinese in it, and text from people made safe to show
plot, picture  the geometry of a curve of braille dots, and what it shows
curve          the widget that paints it
trend          sets of vital signs as the readings of a curve
rubbish        memory, looked through while nobody waits
serve, orphan  a program with screens in a browser, one process a session
"""
