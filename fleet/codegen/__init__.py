"""Loop IR -> vectorised loop IR -> `rv` over virtual registers -> allocated -> assembly text."""
