"""The frame around the pages: templates, the Korean interface, and what is mended in the stock theme.

Templates in ``overrides`` take the place of one of the same name elsewhere:

============================================ ================== =============================================
``layout.html``                              pydata             Its scripts, dialogs and icon font were nine
                                                                tenths of the weight; menus are popovers.
``article-header-buttons.html``              book theme         Brightness, search and the page's menu alone.
``theme-switcher.html``                      pydata             A button with an accessible name, no tooltip.
``toggle-primary-sidebar.html``,             book theme         Buttons that open the popovers: the theme's
``toggle-secondary-sidebar.html``                               open nothing on a phone.
``sidebar-nav-bs.html``                      book theme, pydata The questions below their pages; under this
                                                                name it is not rendered twice.
``page-toc.html``                            book theme, pydata A button to close it.
``components/prev-next.html``                pydata             The questions of the page that follows.
``genindex.html``                            Sphinx             Lists: the basic theme's tables are none.
============================================ ================== =============================================

Templates in ``templates``, as in the other packages' folders of that name, are ours alone.
"""
