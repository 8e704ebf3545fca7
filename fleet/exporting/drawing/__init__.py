"""A function's graph as a picture: words ← boxes ← columns ← placement ← svg, and `fold.js`."""
