"""The demo city 云澜: a bureau of invented people, loaded through the product's own commands."""
