"""The options of the AdaBatch scripts, which Documentation/FromTheScripts.md has to map, all of them.

    python list_script_options.py NVLABS GXU      two checkouts; writes script-options.json beside this file

NVLABS is github.com/NVlabs/AdaBatch, GXU github.com/GXU-GMU-MICCAI/AdaBatch-numerical-experiments. The names are read
off the calls of add_argument as text, for one of the scripts does not parse as today's Python. A script that is in
both has the options of either.
"""

import json
import re
import sys
from pathlib import Path

SCRIPTS = ["adabatch_cifar.py", "cifar_dis.py", "adabatch_imagenet.py"]


def options(file):
    calls = re.findall(r"add_argument\(\s*((?:'[^']+'\s*,\s*)+)", file.read_text())
    return {name for call in calls for name in re.findall(r"'([^']+)'", call)}


if __name__ == "__main__":
    folders = [Path(folder) for folder in sys.argv[1:]]
    files = {script: [folder / script for folder in folders if (folder / script).exists()] for script in SCRIPTS}
    listed = {script: sorted(set().union(*map(options, files[script]))) for script in SCRIPTS}
    lines = ",\n".join(f"{json.dumps(script)}: {json.dumps(names)}" for script, names in listed.items())
    Path(__file__).with_name("script-options.json").write_text("{\n" + lines + "\n}\n")
