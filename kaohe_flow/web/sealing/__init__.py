"""封存与公示: signing a result, its versions, its notice."""
