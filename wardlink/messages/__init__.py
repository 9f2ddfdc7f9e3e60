"""What goes over the wire: commands up, receipts down, changes to everyone. Versioned, one file a subject."""
