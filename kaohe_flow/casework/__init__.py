"""Casework (办理): work reported, judged, contested and put right; each case moves on its own diagram."""
