"""What goes by age, and what never does. The policy: contracts.retention; docs/operate/retention.md."""
