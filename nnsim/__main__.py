"""``python -m nnsim`` is the command ``nnsim``."""

from nnsim.cli import main

if __name__ == "__main__":
    main(prog_name="nnsim")
