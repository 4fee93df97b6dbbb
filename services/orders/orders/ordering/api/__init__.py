"""HTTP doors: request -> command -> handler -> answer."""
