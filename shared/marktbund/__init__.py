"""Pipes and wires every Marktbund service shares; knows no service and no business verb."""
