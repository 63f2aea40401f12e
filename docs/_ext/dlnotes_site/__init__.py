"""The machinery of this site, as one Sphinx extension: how a page is made.

``make html`` calls ``tools/build.py``. If nothing changed since the last build that ended well, that is all;
else it calls Sphinx, which loads the parts below in their order. Then a page goes this way:

1. ``trust`` names the pages to read: those whose files hold something else now, and those that an earlier
   build left unfinished. They stand in a journal until this build has written them.
2. ``execution`` runs the cells of those pages whose results are not kept, several pages at a time.
3. MyST-NB reads the page; ``execution.read_page`` gives it the outputs. What is learned of it (its questions,
   marks of errata, terms, numbers of figures) is noted in the store of ``pages``; names in code and the first
   use of terms become links.
4. When all are read, pages that show something of others that changed are written anew as well, and what an
   answer lacks is reported (``env-check-consistency``).
5. The page is written: places left open are filled, English is marked, formulas become MathML; its notebook
   and its text are written of the same resolved tree; the theme frames it, ``share`` fills its head.
6. When all are written, ``bundle`` reads the HTML: one stylesheet, one script, fonts with the letters in use.

Who acts when; a test holds this table against the code, and no two act at the same event and priority:

config-inited           50  package_files.name_folders
config-inited          500  api_pages.write_pages
config-inited          850  theme.frame.fill_in_config
config-inited          860  export.book.settle
config-inited          900  markup.exercises.write_one_page_as_many
builder-inited          50  bundle.pages.forget_unknown
builder-inited         100  theme.frame.make_code_pages_anew_for_settings
builder-inited         500  trust.begin
builder-inited         501  answers.errata.require_sound_ledger
builder-inited         502  answers.claims.require_sound_claims
builder-inited         503  answers.terms.require_sound_terms
builder-inited         504  share.about.require_sound_news
builder-inited         505  theme.frame.name_modules
builder-inited         506  bundle.fallback.hold_places
builder-inited         507  answers.asked.require_sound_ways
builder-inited         508  markup.unbroken.give_filter
builder-inited         509  answers.wording.require_sound_words
builder-inited         510  quiz.values.require_sound_quiz
builder-inited         900  execution.replace_eval_role
env-get-outdated       400  quiz.values.pages_with_new_values
env-get-outdated       900  trust.pages_to_read
env-before-read-docs   100  trust.enter
env-before-read-docs   200  theme.module_code.note
env-before-read-docs   500  execution.execute_ahead
env-before-read-docs   501  answers.errata.report_failed_checks
doctree-read           400  markup.exercises.unsection_bodies
doctree-read           450  answers.questions.note_questions
doctree-read           455  answers.errata.require_own_voice
doctree-read           500  answers.counts.note_counts
doctree-read           501  answers.reading.note_times
doctree-read           502  markup.code_links.note_names
doctree-read           503  markup.numbers.number
doctree-read           504  math.render.name_equations
doctree-read           505  theme.frame.trim_examples
doctree-read           506  markup.outputs.report_outputs
doctree-read           507  markup.images.report_images
doctree-read           799  answers.wording.report_words
doctree-read           800  answers.terms.link_first_uses
doctree-read           900  share.about.note_opening
doctree-read           901  theme.frame.detach_from_eval_rst_documents
doctree-read           910  markup.exercises.shorten_registry
doctree-read           950  trust.note_files
env-updated            499  answers.counts.pages_to_count_anew
env-updated            500  pages.summaries_to_write
env-updated            502  answers.reading.pages_with_new_neighbours
env-updated            503  answers.questions.pages_with_new_ways
env-updated            504  theme.menu.make
env-updated            900  trust.pages_to_write
env-updated            901  share.about.gather
env-check-consistency  500  api_pages.check_index
env-check-consistency  501  answers.questions.report_incomplete
env-check-consistency  502  answers.questions.report_unlisted
env-check-consistency  503  answers.errata.report_unmarked
env-check-consistency  504  answers.claims.report_unclaimed
env-check-consistency  505  theme.frame.name_modules
env-check-consistency  506  answers.reading.report_long
env-check-consistency  507  answers.errata.report_unasked
env-check-consistency  508  answers.asked.report_unasked_ways
env-check-consistency  509  quiz.guesses.report_unguessed
env-check-consistency  510  quiz.exercises.report_unchecked
env-check-consistency  511  share.short.report_clashes
doctree-resolved       498  share.citing.place_tools
doctree-resolved       499  answers.questions.fill_ways_on
doctree-resolved       500  landing.index.fill_index
doctree-resolved       501  answers.errata.resolve_links
doctree-resolved       502  answers.claims.fill_questions
doctree-resolved       503  answers.claims.fill_figures
doctree-resolved       504  answers.counts.fill_counts
doctree-resolved       505  answers.terms.fill_uses
doctree-resolved       506  markup.particles.report_particles
doctree-resolved       507  landing.index.fill_start
doctree-resolved       508  landing.mistaken.fill_mistaken
doctree-resolved       509  quiz.self_test.fill_self_test
doctree-resolved       510  answers.at_a_glance.fill_glance
doctree-resolved       900  markup.language.mark_english
doctree-resolved       901  math.render.keep_words_together
doctree-resolved       902  export.notebooks.write_notebook
doctree-resolved       903  export.llms.write_page
doctree-resolved       940  explore.make_live
doctree-resolved       941  quiz.guesses.place_guesses
doctree-resolved       942  quiz.self_test.choose_form
doctree-resolved       943  quiz.exercises.place_checks
doctree-resolved       945  explore.show_elsewhere
doctree-resolved       950  markup.unbroken.hold_notes
doctree-resolved       951  markup.unbroken.hold_particles
html-collect-pages     500  theme.module_code.collect
html-page-context      399  share.citing.lead_to_sources
html-page-context      400  answers.reading.write_top
html-page-context      401  share.emblems.place
html-page-context      402  theme.menu.give
html-page-context      490  answers.terms.add_tips
html-page-context      491  math.render.fetch_font_ahead
html-page-context      492  bundle.leftovers.remember
html-page-context      900  share.head.write_head
html-page-context      901  share.missing.fill_missing_page
html-page-context      902  share.answers.lead_there
html-page-context      903  share.installed.name_manifest
build-finished         100  bundle.leftovers.finish
build-finished         500  execution.write_times
build-finished         501  export.notebooks.finish
build-finished         502  share.files.write_site
build-finished         503  explore.write_scripts
build-finished         504  share.answers.write
build-finished         505  share.installed.write
build-finished         900  bundle.pages.read_pages
build-finished         950  share.short.write
build-finished         990  trust.leave_list_of_files
build-finished         999  trust.end
pages-written          500  math.render.write_font
pages-written          501  bundle.fallback.write_fonts
pages-written          900  bundle.assets.finish
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

PARTS = (
    "package_files",
    "trust",
    "pages",
    "api_pages",
    "execution",
    "answers.questions",
    "answers.errata",
    "answers.claims",
    "answers.counts",
    "answers.terms",
    "answers.wording",
    "answers.asked",
    "answers.reading",
    "answers.at_a_glance",
    "markup.citations",
    "markup.exercises",
    "markup.code_links",
    "markup.outputs",
    "markup.images",
    "markup.numbers",
    "markup.particles",
    "markup.headings",
    "markup.tables",
    "markup.folding",
    "markup.unbroken",
    "markup.language",
    "markup.untranslated",
    "math.render",
    "export.notebooks",
    "export.llms",
    "share.about",
    "share.emblems",
    "share.head",
    "share.missing",
    "share.files",
    "share.short",
    "share.citing",
    "share.answers",
    "share.installed",
    "export.downloads",
    "explore",
    "quiz.values",
    "quiz.guesses",
    "quiz.self_test",
    "quiz.exercises",
    "landing.index",
    "landing.mistaken",
    "landing.search_field",
    "theme.frame",
    "export.book",
    "theme.module_code",
    "theme.menu",
    "bundle.fallback",
    "bundle.leftovers",
    "bundle.assets",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load the parts in their order."""
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
