"""What people typed, read: a value as a service takes it, or what is wrong at which field."""
