import subprocess
import sys

import pytest

from evals.__main__ import COMMANDS, main


def test_help_lists_every_command_and_loads_no_model() -> None:
    code = "import sys; from evals.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    done = subprocess.run(
        [sys.executable, "-c", code + "assert 'torch' not in sys.modules"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert all(command in done.stdout for command in COMMANDS)


def test_an_unknown_command_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["guess"])
    assert stopped.value.code == 2


def test_a_missing_file_is_a_usage_error_that_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "--pairs", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err
