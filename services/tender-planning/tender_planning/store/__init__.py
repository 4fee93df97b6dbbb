"""Tables, the lines behind the demand, the cells they add up to, and names to show."""
