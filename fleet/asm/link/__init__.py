"""From objects to an executable: layout, relocations applied, the image written."""
