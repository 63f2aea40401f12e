"""What the packages bring along: each file is found, has a place and a name of its own."""

from dlnotes_site import package_files
from dlnotes_site.package_files import HERE, SCRIPTS, STYLESHEETS


def test_every_stylesheet_and_script_of_a_package_has_its_place_in_the_order():
    there = {
        f"{path.parents[1].name}/{path.name}" for path in HERE.glob("*/static/*") if path.suffix != ".svg"
    }
    assert sorted(there) == sorted([*STYLESHEETS, *SCRIPTS])


def test_no_two_packages_bring_a_file_of_one_name():
    names = [path.name for path in HERE.glob("*/static/*")]
    assert len(names) == len(set(names))


def test_the_favicon_is_there():
    assert package_files.path_of(package_files.FAVICON).is_file()
