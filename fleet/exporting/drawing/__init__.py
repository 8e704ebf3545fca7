"""A function's graph as a picture: boxes ← columns ← placement ← svg, and `fold.js` in browsers."""
