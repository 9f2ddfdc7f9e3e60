"""What the screens of the cart and of the bed share: cells, curves, and the way into a browser.

cells          widths of text with Chinese in it, and text from people made safe to show
plot, curve    readings as a curve of braille dots: geometry, and the widget
trend          sets of vital signs as the readings of a curve
serve          a program with screens in a browser, one process a session
"""
