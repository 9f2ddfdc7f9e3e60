"""Who is who: staff, roles, devices, sessions, and the audit of every read and write."""
