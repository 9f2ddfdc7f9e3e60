"""Results of the laboratory and of imaging: when a patient may see one, what a test is, and how a value is said.

The server decides with these rules; the bed's screen words what it was told.
"""
