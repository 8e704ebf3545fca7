"""A function's graph as a picture: graph ← columns ← placement ← svg, and `fold.js` in browsers."""
