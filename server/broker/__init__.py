"""The broker's side of the server: who may connect and say what, its configuration, and the embedded one."""
