"""What a page tells those who link to it, list it or read it by machine.

Every page gets its own description, one address (``html_baseurl``), Open Graph tags and structured data; the
site gets the pictures of its links, a sitemap, ``robots.txt``, a feed, ``llms.txt`` and a 404 page. All is
made of the environment, so that a build of one changed page leaves the same site as a build of all.
"""
