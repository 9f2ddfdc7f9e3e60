"""`python -m commands`: the console command, for programs that start one another."""

from commands.main import main

main()
