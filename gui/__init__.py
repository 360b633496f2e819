"""The window. It asks the engine and draws what it answers; it computes nothing itself."""
