"""The command line: one module a subcommand, loaded only when that subcommand is called."""
