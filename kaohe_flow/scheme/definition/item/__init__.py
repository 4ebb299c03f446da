"""Items: the smallest things a scheme gives points for."""
