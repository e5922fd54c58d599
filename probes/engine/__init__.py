"""The engine: it draws, judges and tells; who writes a probe never has to open it."""
