"""The temperature chart (体温单) on paper: gathered from the record, laid on a sheet of A4, drawn as a PDF."""
