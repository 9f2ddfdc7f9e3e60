"""The tables of the pages, each made from the database and what runs, in the language of the context."""
