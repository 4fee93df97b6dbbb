"""One function per command: signing in and out, carts, what is heard."""
