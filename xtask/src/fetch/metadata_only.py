# Stands in for a package's build backend (PEP 517) while pip downloads a source distribution: it answers
# with the metadata that lies in the package, so that no code of the package is run.
import email.parser
import os
import shutil
import sys


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    with open("PKG-INFO", "rb") as file:
        metadata = email.parser.BytesParser().parse(file)
    name = "%s-%s.dist-info" % (metadata["Name"].replace("-", "_"), metadata["Version"])
    os.mkdir(os.path.join(metadata_directory, name))
    shutil.copy("PKG-INFO", os.path.join(metadata_directory, name, "METADATA"))
    return name


# Packages without a pyproject.toml are asked for under this name.
__legacy__ = sys.modules[__name__]
