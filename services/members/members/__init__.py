"""Who may buy: member bodies, their units, people as opaque ids with roles."""
