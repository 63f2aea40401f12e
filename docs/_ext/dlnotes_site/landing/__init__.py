"""The landing page: where to begin, what there is, what is often taken wrongly."""
