"""The inbox (待办): what waits for me, what I may take, what I did, what I started."""
