"""Where people meet the system: commands, settings and the one place that wires."""
